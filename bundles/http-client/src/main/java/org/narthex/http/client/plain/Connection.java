package org.narthex.http.client.plain;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;

/**
 * A connection, with an exchange on it or idle. Whoever takes it from among the idle ones sends on it; all else is done by the thread of {@link Connections}.
 * Thread-safe.
 */
final class Connection {
    /** Who has all connections, and is told what becomes of them and of what is on them. */
    interface Owner {
        /** Another exchange may use it. */
        void idle(Connection connection);

        /** It was used before, and has ended before anything of the answer came: the server did not wait any longer, so the request is to be repeated. */
        void repeat(Exchange<?> exchange);

        /** Whoever asked does not want the answer any more. */
        void canceled(Exchange<?> exchange);

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
    private boolean usedBefore;
    private boolean over;
    private Iterator<? extends SocketAddress> others;
    private long idleSinceNanos;

    Connection(Endpoint endpoint, Owner owner) {
        this.endpoint = endpoint;
        this.owner = owner;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Ends the connection if nobody has used it since then. */
    synchronized void endIfIdleSince(long nanos) {
        if (exchange == null && idleSinceNanos - nanos < 0) {
            closeForGood();
        }
    }

    /**
     * Connects, then sends.
     *
     * @param addresses to try one after the other
     */
    synchronized void open(Iterable<? extends SocketAddress> addresses, Exchange<?> first, Selector selector) {
        carry(first);
        others = addresses.iterator();
        connectNext(selector, new ConnectException("no address"));
    }

    private void carry(Exchange<?> next) {
        exchange = next;
        next.connection(this);
        reader = next.newReader();
        unsent = next.request().toSend();
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
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                // An address of a kind that the channel does not take.
                last = new IOException(e.toString(), e);
            }
        }
        fail(last);
    }

    /** Sends on a connection that was idle; returns whether that was possible: the server may have ended it meanwhile. */
    synchronized boolean reuse(Exchange<?> next) {
        if (over) {
            return false;
        }
        usedBefore = true;
        carry(next);
        try {
            send();
            if (unsent.hasRemaining()) {
                key.selector().wakeup();
            }
            return true;
        } catch (IOException e) {
            closeForGood();
            return false;
        }
    }

    /** Does what the channel is ready for. */
    void ready(ByteBuffer buffer, Selector selector) {
        Exchange<?> answered;
        synchronized (this) {
            answered = react(buffer, selector);
        }
        // Last, so that the connection is there for what the answer leads to.
        if (answered != null) {
            answered.end();
        }
    }

    /** Returns the exchange whose answer came in full, or null. */
    private Exchange<?> react(ByteBuffer buffer, Selector selector) {
        if (!key.isValid()) {
            return null;
        }
        try {
            if (key.isConnectable()) {
                connected(selector);
            } else if (key.isWritable()) {
                send();
            } else if (key.isReadable()) {
                return receive(buffer);
            }
        } catch (IOException e) {
            lost(e);
        } catch (RuntimeException | LinkageError e) {
            // Of whoever takes the answer, whose bundle may be gone; the other connections go on.
            fail(e);
        }
        return null;
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
        int next = unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != next) {
            key.interestOps(next);
        }
    }

    private Exchange<?> receive(ByteBuffer buffer) throws IOException {
        while (true) {
            buffer.clear();
            int n = channel.read(buffer);
            if (exchange == null) {
                // Idle: the server ends it, or says something nobody asked for.
                if (n != 0) {
                    closeForGood();
                }
                return null;
            }
            if (n < 0) {
                reader.end();
                return answered(false);
            }
            reader.read(buffer.flip());
            if (reader.isComplete()) {
                return answered(reader.isLasting() && !buffer.hasRemaining());
            }
            if (exchange.isOver()) {
                closeForGood();
                return null;
            }
            if (n < buffer.capacity()) {
                return null;
            }
        }
    }

    private Exchange<?> answered(boolean lasting) {
        Exchange<?> ended = exchange;
        letGo();
        if (lasting) {
            idleSinceNanos = System.nanoTime();
            owner.idle(this);
        } else {
            closeForGood();
        }
        return ended;
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

    /** Ends the connection if the exchange is still on it, for which an answer nobody wants may come. */
    synchronized void abandon(Exchange<?> unwanted) {
        if (exchange == unwanted) {
            closeForGood();
        }
    }

    /** Ends the exchange and the connection. */
    synchronized void fail(Throwable reason) {
        Exchange<?> failed = exchange;
        closeForGood();
        if (failed != null) {
            failed.fail(reason);
        }
    }

    /** Ends the connection; whoever waits for an answer was told. */
    synchronized void closeForGood() {
        over = true;
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
