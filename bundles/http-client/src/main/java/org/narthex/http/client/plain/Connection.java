package org.narthex.http.client.plain;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;

/** A connection, with an exchange on it or idle. Used by the thread of {@link Connections} alone. */
final class Connection {
    /** What becomes of connections. */
    interface Owner {
        /** Another exchange may use it. */
        void idle(Connection connection);

        /** It was used before, and has ended before anything of the answer came: the server did not wait any longer, so the request is to be repeated. */
        void repeat(Exchange<?> exchange);

        /** It is over. */
        void closed(Connection connection);
    }

    private final Endpoint endpoint;
    private final Owner owner;
    private SocketChannel channel;
    private SelectionKey key;
    private Exchange<?> exchange;
    private AnswerReader reader;
    private ByteBuffer unsent;
    /** What was sent last, for whoever asks the same again. */
    private HttpRequest lastRequest;

    private ByteBuffer lastBytes;
    private boolean usedBefore;
    private Iterator<? extends SocketAddress> others;
    private long idleSinceNanos;

    Connection(Endpoint endpoint, Owner owner) {
        this.endpoint = endpoint;
        this.owner = owner;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The exchange on it, or null if it is idle. */
    Exchange<?> exchange() {
        return exchange;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /**
     * Connects, then sends.
     *
     * @param addresses to try one after the other
     */
    void open(Iterable<? extends SocketAddress> addresses, Exchange<?> first, Selector selector) {
        carry(first);
        others = addresses.iterator();
        connectNext(selector, new ConnectException("no address"));
    }

    // Comparing what two requests say would take as long as writing it.
    @SuppressWarnings("ReferenceEquality")
    private void carry(Exchange<?> next) {
        exchange = next;
        next.connection(this);
        reader = next.newReader();
        if (next.request() != lastRequest) {
            lastRequest = next.request();
            lastBytes = Request.bytes(lastRequest);
        }
        unsent = lastBytes.rewind();
    }

    private void connectNext(Selector selector, IOException failure) {
        IOException last = failure;
        while (others.hasNext()) {
            try {
                close();
                SocketAddress address = others.next();
                channel = address instanceof InetSocketAddress
                        ? SocketChannel.open()
                        : SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.configureBlocking(false);
                if (address instanceof InetSocketAddress) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                boolean connected = channel.connect(address);
                key = channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        fail(last);
    }

    /** Sends on a connection that is idle. */
    void reuse(Exchange<?> next) {
        usedBefore = true;
        carry(next);
        try {
            send();
        } catch (IOException e) {
            lost(e);
        }
    }

    /** Does what the channel is ready for. */
    void ready(ByteBuffer buffer, Selector selector) {
        if (!key.isValid()) {
            return;
        }
        try {
            if (key.isConnectable()) {
                connected(selector);
            } else if (key.isWritable()) {
                send();
            } else if (key.isReadable()) {
                receive(buffer);
            }
        } catch (IOException e) {
            lost(e);
        } catch (RuntimeException e) {
            // Of whoever takes the answer; the other connections go on.
            fail(e);
        }
    }

    private void connected(Selector selector) throws IOException {
        try {
            channel.finishConnect();
        } catch (IOException e) {
            connectNext(selector, e);
            return;
        }
        send();
    }

    private void send() throws IOException {
        channel.write(unsent);
        // With an answer before everything was sent, so be it: it is read once all is out.
        key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void receive(ByteBuffer buffer) throws IOException {
        while (true) {
            buffer.clear();
            int n = channel.read(buffer);
            if (exchange == null) {
                // Idle: the server ends it, or says something nobody asked for.
                if (n != 0) {
                    closeForGood();
                }
                return;
            }
            if (n < 0) {
                reader.end();
                complete(false);
                return;
            }
            reader.read(buffer.flip());
            if (reader.isComplete()) {
                complete(reader.isLasting() && !buffer.hasRemaining());
                return;
            }
            if (exchange.isOver()) {
                closeForGood();
                return;
            }
            if (n < buffer.capacity()) {
                return;
            }
        }
    }

    private void complete(boolean lasting) {
        Exchange<?> ended = exchange;
        letGo();
        // First the connection, so that it is there for what the answer leads to.
        if (lasting) {
            idleSinceNanos = System.nanoTime();
            owner.idle(this);
        } else {
            closeForGood();
        }
        ended.complete();
    }

    private void lost(IOException reason) {
        if (exchange == null) {
            closeForGood();
        } else if (usedBefore && !reader.isStarted()) {
            Exchange<?> again = exchange;
            closeForGood();
            owner.repeat(again);
        } else {
            fail(reason);
        }
    }

    /** Ends the exchange and the connection. */
    void fail(Exception reason) {
        Exchange<?> failed = exchange;
        closeForGood();
        if (failed != null) {
            failed.fail(reason);
        }
    }

    /** Ends the connection; whoever waits for an answer was told. */
    void closeForGood() {
        letGo();
        close();
        owner.closed(this);
    }

    private void letGo() {
        if (exchange != null) {
            exchange.connection(null);
        }
        exchange = null;
        reader = null;
        unsent = null;
    }

    private void close() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing to be done about it, and nothing was lost.
        }
    }
}
