package org.narthex.discovery.registry.zookeeper;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import org.narthex.testkit.Damage;

/** A server in this process: reads, watches that fire once, pings. */
final class FakeZooKeeper implements AutoCloseable {
    private final TreeMap<String, byte[]> nodes = new TreeMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private final ServerSocket server;
    private volatile Damage damage;

    private final class Session {
        final Socket socket;
        final DataOutputStream out;
        final Set<String> watched = new HashSet<>();

        Session(Socket socket) throws IOException {
            this.socket = socket;
            out = new DataOutputStream(socket.getOutputStream());
        }

        void send(ByteArrayOutputStream packet) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream framed = new DataOutputStream(bytes);
            framed.writeInt(packet.size());
            packet.writeTo(framed);
            Damage wanted = damage;
            out.write(wanted == null ? bytes.toByteArray() : wanted.of(bytes.toByteArray()));
            out.flush();
        }
    }

    FakeZooKeeper() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        new Thread(this::accept, "fake-zookeeper").start();
    }

    /** Damages all packets from now on; with null none. */
    void damage(Damage by) {
        damage = by;
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    synchronized void put(String path, String data) throws IOException {
        boolean isNew = nodes.put(path, data.getBytes(StandardCharsets.UTF_8)) == null;
        fire(isNew ? path.substring(0, path.lastIndexOf('/')) : path);
    }

    synchronized void delete(String path) throws IOException {
        if (nodes.remove(path) != null) {
            fire(path.substring(0, path.lastIndexOf('/')));
        }
    }

    private void fire(String path) throws IOException {
        for (Session session : sessions) {
            if (session.watched.remove(path)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream data = new DataOutputStream(bytes);
                data.writeInt(-1);
                data.writeLong(-1);
                data.writeInt(0);
                data.writeInt(4);
                data.writeInt(3);
                text(data, path);
                try {
                    session.send(bytes);
                } catch (IOException e) {
                    // That session has ended.
                    session.watched.clear();
                }
            }
        }
    }

    /** Ends all sessions. */
    synchronized void drop() throws IOException {
        for (Session session : sessions) {
            session.socket.close();
        }
        sessions.clear();
    }

    private static void text(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private void accept() {
        try {
            while (true) {
                Session session = new Session(server.accept());
                synchronized (this) {
                    sessions.add(session);
                }
                new Thread(() -> serve(session), "fake-zookeeper-session").start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Session session) {
        try {
            DataInputStream in = new DataInputStream(session.socket.getInputStream());
            in.readNBytes(in.readInt());
            ByteArrayOutputStream hello = new ByteArrayOutputStream();
            DataOutputStream data = new DataOutputStream(hello);
            data.writeInt(0);
            data.writeInt(300);
            data.writeLong(7);
            data.writeInt(16);
            data.write(new byte[16]);
            session.send(hello);
            while (true) {
                in.readInt();
                answer(session, in);
            }
        } catch (IOException e) {
            // Closed by either side.
        }
    }

    private synchronized void answer(Session session, DataInputStream in) throws IOException {
        int id = in.readInt();
        int type = in.readInt();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeInt(id);
        data.writeLong(1);
        if (type == 11) {
            data.writeInt(0);
            session.send(bytes);
            return;
        }
        String path = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        in.readBoolean();
        byte[] node = nodes.get(path);
        data.writeInt(node == null ? -101 : 0);
        session.watched.add(path);
        if (node != null && type == 4) {
            data.writeInt(node.length);
            data.write(node);
            data.write(new byte[68]);
        } else if (node != null) {
            List<String> children = nodes.keySet().stream()
                    .filter(other -> other.startsWith(path + "/") && other.indexOf('/', path.length() + 1) < 0)
                    .map(other -> other.substring(path.length() + 1))
                    .toList();
            data.writeInt(children.size());
            for (String child : children) {
                text(data, child);
            }
        }
        session.send(bytes);
    }

    @Override
    public void close() throws IOException {
        server.close();
        drop();
    }
}
