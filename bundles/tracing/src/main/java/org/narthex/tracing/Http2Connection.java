package org.narthex.tracing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * As much of HTTP/2 (RFC 9113) as unary calls of gRPC need, one at a time. The JDK's client cannot do it: without TLS it only upgrades from HTTP/1.1,
 * which gRPC servers do not know, and it shows no trailers.
 *
 * <p>Headers that come are not decoded: a call that failed is told by its answer having no message, as gRPC servers answer then. Headers that go are
 * written in full, without compression.
 */
final class Http2Connection implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int SETTING_INITIAL_WINDOW = 4;

    /** The largest frame that every peer takes. */
    private static final int MAX_FRAME = 16_384;

    private static final int LAST_STREAM = Integer.MAX_VALUE - 2;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    /** How much may be sent at first on a new stream. */
    private int initialWindow = 65_535;
    /** How much may be sent now, on all streams and on the current one. */
    private long connectionWindow = 65_535;

    private long streamWindow;
    private int stream = -1;
    private boolean answered;
    private boolean over;

    Http2Connection(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        out.write(PREFACE);
        frame(SETTINGS, 0, 0, new byte[0], 0, 0);
        out.flush();
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws IOException the connection broke, or the call was refused; the connection is of no use after
     */
    void call(Map<String, String> headers, byte[] body) throws IOException {
        if (stream == LAST_STREAM) {
            throw new IOException("the connection has no streams left");
        }
        stream += 2;
        streamWindow = initialWindow;
        answered = false;
        over = false;
        byte[] block = block(headers);
        if (block.length > MAX_FRAME) {
            throw new IOException("headers of " + block.length + " bytes are too long");
        }
        frame(HEADERS, END_HEADERS, stream, block, 0, block.length);
        int sent = 0;
        while (sent < body.length) {
            int size =
                    (int) Math.min(Math.min(MAX_FRAME, body.length - sent), Math.min(streamWindow, connectionWindow));
            if (size <= 0) {
                out.flush();
                read();
                continue;
            }
            frame(DATA, sent + size == body.length ? END_STREAM : 0, stream, body, sent, size);
            sent += size;
            streamWindow -= size;
            connectionWindow -= size;
        }
        out.flush();
        while (!over) {
            read();
        }
        if (!answered) {
            throw new IOException("the call was refused");
        }
    }

    private void frame(int type, int flags, int id, byte[] payload, int from, int length) throws IOException {
        out.writeByte(length >> 16);
        out.writeShort(length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(id);
        out.write(payload, from, length);
    }

    /** Takes one frame. */
    private void read() throws IOException {
        int length;
        try {
            length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        } catch (EOFException e) {
            throw new IOException("the connection was closed", e);
        }
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt() & Integer.MAX_VALUE;
        if (length > MAX_FRAME) {
            throw new IOException("a frame of " + length + " bytes is too long");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
            case SETTINGS -> settings(flags, payload);
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload, 0, length);
                    out.flush();
                }
            }
            case WINDOW_UPDATE -> {
                if (id == 0) {
                    connectionWindow += number(payload, 0);
                } else if (id == stream) {
                    streamWindow += number(payload, 0);
                }
            }
            case GOAWAY -> throw new IOException("the server closes the connection, code " + number(payload, 4));
            case RST_STREAM -> {
                if (id == stream) {
                    throw new IOException("the server reset the call, code " + number(payload, 0));
                }
            }
            case DATA -> data(flags, id, length);
            case HEADERS -> over |= id == stream && (flags & END_STREAM) != 0;
            default -> {
                // Frames that are not known, and those that go on with headers, say nothing here.
            }
        }
    }

    private void data(int flags, int id, int length) throws IOException {
        if (length > 0) {
            // What was read may be sent again, on this connection's further streams.
            byte[] size = {(byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length};
            frame(WINDOW_UPDATE, 0, 0, size, 0, size.length);
            out.flush();
        }
        if (id == stream) {
            answered |= length > 0;
            over |= (flags & END_STREAM) != 0;
        }
    }

    private void settings(int flags, byte[] payload) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        for (int i = 0; i + 6 <= payload.length; i += 6) {
            if (((payload[i] & 0xff) << 8 | (payload[i + 1] & 0xff)) == SETTING_INITIAL_WINDOW) {
                int window = number(payload, i + 2);
                streamWindow += (long) window - initialWindow;
                initialWindow = window;
            }
        }
        frame(SETTINGS, ACK, 0, payload, 0, 0);
        out.flush();
    }

    private static int number(byte[] bytes, int at) throws IOException {
        if (bytes.length < at + Integer.BYTES) {
            throw new IOException("a frame is too short");
        }
        return (bytes[at] & 0x7f) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    /** Headers as literals that are never indexed (RFC 7541, 6.2.3). */
    private static byte[] block(Map<String, String> headers) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            block.write(0x10);
            text(block, name);
            text(block, value);
        });
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int rest = bytes.length;
        if (rest < 0x7f) {
            block.write(rest);
        } else {
            block.write(0x7f);
            for (rest -= 0x7f; rest >= 0x80; rest >>>= 7) {
                block.write((rest & 0x7f) | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more either way.
        }
    }
}
