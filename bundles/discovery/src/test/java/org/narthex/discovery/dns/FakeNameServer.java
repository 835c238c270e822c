package org.narthex.discovery.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server in this process, by UDP and TCP. */
final class FakeNameServer implements AutoCloseable {
    /** Data of records by name and type, {@code "a.example. 1"}. */
    final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();

    volatile int code;
    volatile boolean truncates;

    private final DatagramSocket udp;
    private final ServerSocket tcp;

    FakeNameServer() throws IOException {
        tcp = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()));
        new Thread(this::serveUdp, "fake-name-server-udp").start();
        new Thread(this::serveTcp, "fake-name-server-tcp").start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    void put(String name, int type, byte[]... data) {
        records.put(name + " " + type, List.of(data));
    }

    static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    static byte[] srv(int port, String target) {
        return joined(new byte[] {0, 0, 0, 0, (byte) (port >> 8), (byte) port}, name(target));
    }

    static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                udp.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()), truncates);
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] query = new byte[in.readUnsignedShort()];
                    in.readFully(query);
                    byte[] answer = answer(query, false);
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private byte[] answer(byte[] query, boolean truncated) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += query[at] + 1;
        }
        int type = query[at + 2];
        List<byte[]> data = records.get(name + " " + type);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(query, 0, 2);
        out.write(truncated ? 0x83 : 0x81);
        out.write(code != 0 ? code : data == null ? 3 : 0);
        int count = truncated || data == null || code != 0 ? 0 : data.size();
        out.writeBytes(new byte[] {0, 1, 0, (byte) count, 0, 0, 0, 0});
        out.write(query, 12, at + 5 - 12);
        for (int i = 0; i < count; i++) {
            // The name is that of the question, at byte 12.
            out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60});
            out.write(data.get(i).length >> 8);
            out.write(data.get(i).length);
            out.writeBytes(data.get(i));
        }
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
