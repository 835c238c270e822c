package org.narthex.probe;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One request and its answer over a connection that is there, with as much of HTTP/2 (RFC 9113) as that takes. The JDK's client cannot do it: it shows
 * neither the times of the steps nor trailers, and without TLS it only upgrades from HTTP/1.1, which servers of gRPC do not know.
 */
final class Http2Stream {
    /** What a server calls it in ALPN. */
    static final String PROTOCOL = "h2";

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final short ENABLE_PUSH = 2;
    private static final short INITIAL_WINDOW_SIZE = 4;
    private static final int CONNECTION = 0;
    private static final int STREAM = 1;
    private static final String STATUS = ":status";

    /** The largest frame that every peer takes. */
    private static final int MAX_FRAME = 16_384;
    /** As many bytes may come, or go, before one side says that the other may go on. */
    private static final int FIRST_WINDOW = 65_535;
    /** So many we let come at once, so that waiting for us is not measured. */
    private static final int WINDOW = 4 << 20;

    private static final int MAX_HEADER_BLOCK = 1 << 20;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final long limit;
    private final HpackReader hpack = new HpackReader();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private List<Map.Entry<String, String>> headers = List.of();
    private List<Map.Entry<String, String>> trailers = List.of();
    private long connectionWindow = FIRST_WINDOW;
    private long streamWindow = FIRST_WINDOW;
    private long initialWindow = FIRST_WINDOW;
    private int blockStream;
    private boolean endsAfterBlock;
    private boolean over;

    /** @param limit the most bytes the body of the answer may have */
    Http2Stream(InputStream in, OutputStream out, long limit) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = new DataOutputStream(new BufferedOutputStream(out));
        this.limit = limit;
    }

    /**
     * Sends the request, as far as the server lets it.
     *
     * @param request name and value in lower case, those with a colon first
     * @throws IOException the connection broke, or it is none of HTTP/2
     */
    void send(List<Map.Entry<String, String>> request, HttpText content) throws IOException {
        out.write(PREFACE);
        ByteBuffer settings = ByteBuffer.allocate(12);
        settings.putShort(ENABLE_PUSH).putInt(0);
        settings.putShort(INITIAL_WINDOW_SIZE).putInt(WINDOW);
        frame(SETTINGS, 0, CONNECTION, settings.array(), 0, settings.capacity());
        window(CONNECTION, WINDOW);
        byte[] bytes = HpackWriter.block(request);
        int type = HEADERS;
        int from = 0;
        do {
            int length = Math.min(MAX_FRAME, bytes.length - from);
            int flags = (from + length == bytes.length ? END_HEADERS : 0)
                    | (type == HEADERS && content.length() == 0 ? END_STREAM : 0);
            frame(type, flags, STREAM, bytes, from, length);
            type = CONTINUATION;
            from += length;
        } while (from < bytes.length);
        send(content);
        out.flush();
    }

    private void send(HttpText content) throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream(content.length());
        content.writeTo(copy);
        byte[] bytes = copy.toByteArray();
        int from = 0;
        while (from < bytes.length && !over) {
            int length =
                    (int) Math.min(Math.min(MAX_FRAME, bytes.length - from), Math.min(connectionWindow, streamWindow));
            if (length <= 0) {
                out.flush();
                read();
                continue;
            }
            frame(DATA, from + length == bytes.length ? END_STREAM : 0, STREAM, bytes, from, length);
            connectionWindow -= length;
            streamWindow -= length;
            from += length;
        }
    }

    /**
     * The headers of the answer, {@code :status} among them; waits for them.
     *
     * @throws IOException the connection broke, or it is none of HTTP/2
     */
    List<Map.Entry<String, String>> headers() throws IOException {
        while (headers.isEmpty() && !over) {
            read();
        }
        return headers;
    }

    /** The body of the answer, once all of it has come. */
    HttpText body() throws IOException {
        while (!over) {
            read();
        }
        return new HttpText(body.toByteArray());
    }

    /** What came behind the body; nothing before the body was waited for. */
    List<Map.Entry<String, String>> trailers() {
        return List.copyOf(trailers);
    }

    /** Whether all of the answer has come. */
    boolean isOver() {
        return over;
    }

    private void frame(int type, int flags, int stream, byte[] payload, int from, int length) throws IOException {
        out.writeByte(length >> 16);
        out.writeShort(length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload, from, length);
    }

    private void window(int stream, int more) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array(), 0, 4);
    }

    /** Tells the server something that it may not wait for any more: one that has said all may be gone. */
    private void answer(int type, int flags, byte[] payload) {
        try {
            frame(type, flags, CONNECTION, payload, 0, payload.length);
            out.flush();
        } catch (IOException e) {
            // Whether anything is missing, reading tells.
        }
    }

    private void letCome(int bytes) {
        try {
            window(CONNECTION, bytes);
            window(STREAM, bytes);
            out.flush();
        } catch (IOException e) {
            // As above.
        }
    }

    private void read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            if (length > MAX_FRAME) {
                throw new IOException("a frame of " + length + " bytes: the server does not speak HTTP/2");
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            take(type, flags, stream, payload);
        } catch (EOFException e) {
            throw new IOException("the server closed the connection before it answered", e);
        }
    }

    private void take(int type, int flags, int stream, byte[] payload) throws IOException {
        switch (type) {
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    settings(payload);
                    answer(SETTINGS, ACK, new byte[0]);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    answer(PING, ACK, payload);
                }
            }
            case WINDOW_UPDATE -> {
                connectionWindow += stream == CONNECTION ? number(payload, 0) : 0;
                streamWindow += stream == STREAM ? number(payload, 0) : 0;
            }
            case GOAWAY -> {
                // With no error, the server still answers what it has begun with.
                if (number(payload, 0) < STREAM || number(payload, 4) != 0) {
                    throw new IOException("the server closes the connection, code " + number(payload, 4));
                }
            }
            case RST_STREAM -> {
                if (stream == STREAM) {
                    throw new IOException("the server reset the stream, code " + number(payload, 0));
                }
            }
            case PUSH_PROMISE -> throw new IOException("the server pushes, although it may not");
            case DATA -> data(flags, stream, payload);
            case HEADERS -> {
                blockStream = stream;
                endsAfterBlock = (flags & END_STREAM) != 0;
                content(flags, payload, (flags & PRIORITY) != 0 ? 5 : 0, block);
                endHeaders(flags);
            }
            case CONTINUATION -> {
                content(0, payload, 0, block);
                endHeaders(flags);
            }
            default -> {
                // Frames of other types say nothing here.
            }
        }
    }

    private void settings(byte[] payload) {
        ByteBuffer settings = ByteBuffer.wrap(payload);
        while (settings.remaining() >= 6) {
            short id = settings.getShort();
            long value = Integer.toUnsignedLong(settings.getInt());
            if (id == INITIAL_WINDOW_SIZE) {
                streamWindow += value - initialWindow;
                initialWindow = value;
            }
        }
    }

    private void data(int flags, int stream, byte[] payload) throws IOException {
        if (stream != STREAM) {
            return;
        }
        content(flags, payload, 0, body);
        HttpBody.check(body, limit);
        over |= (flags & END_STREAM) != 0;
        if (!over && payload.length > 0) {
            letCome(payload.length);
        }
    }

    private static void content(int flags, byte[] payload, int skipped, ByteArrayOutputStream into) throws IOException {
        boolean padded = (flags & PADDED) != 0;
        int from = skipped + (padded ? 1 : 0);
        int length = payload.length - from - (padded && payload.length > 0 ? payload[0] & 0xff : 0);
        if (length < 0) {
            throw new IOException("a frame is damaged: it is too short");
        }
        into.write(payload, from, length);
    }

    private void endHeaders(int flags) throws IOException {
        if (block.size() > MAX_HEADER_BLOCK) {
            throw new IOException("the headers of the answer have more than " + MAX_HEADER_BLOCK + " bytes");
        }
        if ((flags & END_HEADERS) == 0) {
            return;
        }
        // Read in any case: blocks to come may name headers of this one.
        List<Map.Entry<String, String>> read = hpack.read(block.toByteArray());
        block.reset();
        if (blockStream != STREAM) {
            return;
        }
        over |= endsAfterBlock;
        if (!headers.isEmpty()) {
            trailers = read;
        } else if (over || !isInformational(read)) {
            headers = read;
        }
    }

    private static boolean isInformational(List<Map.Entry<String, String>> headers) {
        return headers.stream()
                .anyMatch(header ->
                        header.getKey().equals(STATUS) && header.getValue().startsWith("1"));
    }

    private static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = at; i < at + 4 && i < bytes.length; i++) {
            number = number << 8 | (bytes[i] & 0xff);
        }
        return number;
    }
}
