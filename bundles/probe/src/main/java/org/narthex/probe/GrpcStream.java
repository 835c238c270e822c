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
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One unary call of gRPC over a connection that is there, with as much of HTTP/2 (RFC 9113) as that takes. The JDK's client cannot do it: without TLS it
 * only upgrades from HTTP/1.1, which gRPC servers do not know, and it shows no trailers.
 */
final class GrpcStream {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int STREAM = 1;
    /** Before a message: whether it is compressed, and its length. */
    private static final int PREFIX = 5;

    /** The largest frame that every peer takes. */
    private static final int MAX_FRAME = 16_384;
    /** The first window of a stream: as much may come without an update of ours. */
    private static final int MAX_ANSWER = 65_535;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private OptionalInt status = OptionalInt.empty();
    private boolean endsAfterHeaders;
    private boolean over;

    GrpcStream(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = new DataOutputStream(new BufferedOutputStream(out));
    }

    /**
     * Calls, and waits for the answer.
     *
     * @param requestHeaders at most as long as a frame
     * @param message of the request
     * @return the message of the answer; of no length if there was none
     * @throws IOException the connection broke, or it is none of HTTP/2
     */
    byte[] call(Map<String, String> requestHeaders, byte[] message) throws IOException {
        out.write(PREFACE);
        frame(SETTINGS, 0, 0, new byte[0]);
        frame(HEADERS, END_HEADERS, STREAM, Hpack.block(requestHeaders));
        ByteArrayOutputStream prefixed = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(prefixed);
        data.writeBoolean(false);
        data.writeInt(message.length);
        data.write(message);
        frame(DATA, END_STREAM, STREAM, prefixed.toByteArray());
        out.flush();
        try {
            while (!over) {
                read();
            }
        } catch (EOFException e) {
            throw new IOException("the server closed the connection before it answered", e);
        }
        return message(body.toByteArray());
    }

    /** What the server said of the call, as gRPC numbers it; empty if nothing. */
    OptionalInt status() {
        return status;
    }

    /** The first message; compressed ones were not asked for. */
    private static byte[] message(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return bytes;
        }
        int length = bytes.length < PREFIX ? -1 : ByteBuffer.wrap(bytes).getInt(1);
        boolean isCompressed = bytes[0] != 0;
        if (isCompressed || length < 0 || length > bytes.length - PREFIX) {
            throw new IOException("the answer is no message of gRPC");
        }
        return Arrays.copyOfRange(bytes, PREFIX, PREFIX + length);
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    private void read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        if (length > MAX_FRAME) {
            throw new IOException("a frame of " + length + " bytes: the server does not speak HTTP/2");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
            case SETTINGS, PING -> {
                if ((flags & ACK) == 0) {
                    frame(type, ACK, 0, type == PING ? payload : new byte[0]);
                    out.flush();
                }
            }
            case GOAWAY -> throw new IOException("the server closes the connection, code " + number(payload, 4));
            case RST_STREAM -> throw new IOException("the server reset the call, code " + number(payload, 0));
            case DATA -> {
                if (stream == STREAM) {
                    content(flags, payload, 0, body);
                    over |= (flags & END_STREAM) != 0;
                }
            }
            case HEADERS -> {
                content(flags, payload, (flags & PRIORITY) != 0 ? 5 : 0, headers);
                endsAfterHeaders = (flags & END_STREAM) != 0;
                endHeaders(flags);
            }
            case CONTINUATION -> {
                headers.writeBytes(payload);
                endHeaders(flags);
            }
            default -> {
                // Frames of other types say nothing here.
            }
        }
    }

    private void content(int flags, byte[] payload, int skipped, ByteArrayOutputStream into) throws IOException {
        boolean padded = (flags & PADDED) != 0;
        int from = skipped + (padded ? 1 : 0);
        int length = payload.length - from - (padded && payload.length > 0 ? payload[0] & 0xff : 0);
        if (length < 0 || into.size() + length > MAX_ANSWER) {
            throw new IOException("the answer is damaged, or too long");
        }
        into.write(payload, from, length);
    }

    private void endHeaders(int flags) throws IOException {
        if ((flags & END_HEADERS) != 0) {
            OptionalInt said = Hpack.grpcStatus(headers.toByteArray());
            status = said.isPresent() ? said : status;
            headers.reset();
            over |= endsAfterHeaders;
        }
    }

    private static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = at; i < at + 4 && i < bytes.length; i++) {
            number = number << 8 | (bytes[i] & 0xff);
        }
        return number;
    }
}
