package org.narthex.discovery.registry.zookeeper;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session with one server. Requests are answered in their order; between them the server tells of changes at what was read with a watch. An
 * interruption of the thread ends it. Used by one thread.
 */
final class ZooKeeperConnection implements AutoCloseable {
    private static final int GET_DATA = 4;
    private static final int GET_CHILDREN = 8;
    private static final int PING = 11;
    private static final int PING_ID = -2;
    private static final int EVENT_ID = -1;
    private static final int NO_NODE = -101;
    private static final int MAX_PACKET = 16 << 20;

    private final SocketChannel channel;
    private final DataOutputStream out;
    private final int timeoutMs;
    private ByteBuffer received = ByteBuffer.allocate(1 << 16);
    private int nextId = 1;
    private boolean changed;

    /** @param timeoutMs of the session; the server may give another one */
    ZooKeeperConnection(InetSocketAddress server, int timeoutMs) throws IOException {
        channel = SocketChannel.open();
        try {
            channel.socket().connect(server, timeoutMs);
            out = new DataOutputStream(Channels.newOutputStream(channel));
            received.flip();
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            DataOutputStream data = new DataOutputStream(request);
            // Protocol version, last transaction seen, timeout, session, and the session's password of 16 bytes.
            data.writeInt(0);
            data.writeLong(0);
            data.writeInt(timeoutMs);
            data.writeLong(0);
            data.writeInt(16);
            data.write(new byte[16]);
            send(request);
            DataInputStream answer = packet(timeoutMs)
                    .orElseThrow(() -> new IOException("the server did not answer within " + timeoutMs + " ms"));
            answer.readInt();
            int given = answer.readInt();
            if (given <= 0) {
                throw new IOException("the server refused the session");
            }
            this.timeoutMs = given;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void send(ByteArrayOutputStream packet) throws IOException {
        channel.configureBlocking(true);
        out.writeInt(packet.size());
        packet.writeTo(out);
        out.flush();
    }

    /** The next packet; empty if none came within the time. */
    private Optional<DataInputStream> packet(long waitMs) throws IOException {
        long deadline = System.nanoTime() + waitMs * 1_000_000;
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (true) {
                Optional<DataInputStream> complete = complete();
                if (complete.isPresent()) {
                    return complete;
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return Optional.empty();
                }
                selector.select(left);
                if (Thread.currentThread().isInterrupted()) {
                    throw new java.io.InterruptedIOException("interrupted");
                }
                received.compact();
                if (!received.hasRemaining()) {
                    received = ByteBuffer.allocate(received.capacity() * 2).put(received.flip());
                }
                int read = channel.read(received);
                received.flip();
                if (read < 0) {
                    throw new EOFException("the server closed the connection");
                }
            }
        }
    }

    private Optional<DataInputStream> complete() throws IOException {
        if (received.remaining() < 4) {
            return Optional.empty();
        }
        int length = received.getInt(received.position());
        if (length < 0 || length > MAX_PACKET) {
            throw new IOException("a packet of " + length + " bytes: no ZooKeeper server");
        }
        if (received.remaining() < 4 + length) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        received.getInt();
        received.get(bytes);
        return Optional.of(new DataInputStream(new java.io.ByteArrayInputStream(bytes)));
    }

    /** The answer to a request; empty if there is no such node. */
    private Optional<DataInputStream> ask(int type, String path) throws IOException {
        int id = nextId++;
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(request);
        data.writeInt(id);
        data.writeInt(type);
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        data.writeInt(name.length);
        data.write(name);
        // With a watch.
        data.writeBoolean(true);
        send(request);
        while (true) {
            DataInputStream answer = packet(timeoutMs)
                    .orElseThrow(() -> new IOException("the server did not answer within " + timeoutMs + " ms"));
            int got = answer.readInt();
            answer.readLong();
            int error = answer.readInt();
            if (got == EVENT_ID) {
                changed = true;
            } else if (got == id) {
                if (error == NO_NODE) {
                    return Optional.empty();
                }
                if (error != 0) {
                    throw new IOException("reading " + path + " failed with error " + error);
                }
                return Optional.of(answer);
            }
        }
    }

    /** What a node holds; empty if there is no such node. */
    Optional<byte[]> data(String path) throws IOException {
        Optional<DataInputStream> answer = ask(GET_DATA, path);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        int length = answer.get().readInt();
        return Optional.of(length < 0 ? new byte[0] : answer.get().readNBytes(length));
    }

    /** The names of the nodes below. */
    List<String> children(String path) throws IOException {
        List<String> names = new ArrayList<>();
        Optional<DataInputStream> answer = ask(GET_CHILDREN, path);
        if (answer.isPresent()) {
            int count = answer.get().readInt();
            for (int i = 0; i < count; i++) {
                byte[] name = answer.get().readNBytes(answer.get().readInt());
                names.add(new String(name, StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    /** Waits until something that was read has changed, and keeps the session alive meanwhile. */
    void awaitChange() throws IOException {
        while (!changed) {
            Optional<DataInputStream> packet = packet(timeoutMs / 3);
            if (packet.isPresent()) {
                changed = packet.get().readInt() == EVENT_ID;
                continue;
            }
            ByteArrayOutputStream ping = new ByteArrayOutputStream();
            DataOutputStream data = new DataOutputStream(ping);
            data.writeInt(PING_ID);
            data.writeInt(PING);
            send(ping);
            packet = packet(timeoutMs);
            if (packet.isEmpty()) {
                throw new IOException("the server did not answer within " + timeoutMs + " ms");
            }
            changed = packet.get().readInt() == EVENT_ID;
        }
        changed = false;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
