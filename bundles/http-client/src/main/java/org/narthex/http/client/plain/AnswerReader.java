package org.narthex.http.client.plain;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** Takes the bytes of one answer as they come: its head, then its body in any of the ways a body may end (RFC 9112). */
final class AnswerReader {
    /** What the answer is made into. */
    interface Sink {
        void head(Head head);

        /** Part of the body; the buffer is used again afterwards. */
        void body(ByteBuffer part);
    }

    /** Enough for any honest server; the head must not take the memory. */
    private static final int MAX_HEAD = 256 << 10;

    private static final int MAX_CHUNK_LINE = 4096;

    private enum State {
        HEAD,
        LENGTH,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        COMPLETE
    }

    private final boolean withBody;
    private final Sink sink;
    private State state = State.HEAD;
    private Head head = new Head();
    /** Of chunks and what comes after them. */
    private final StringBuilder line = new StringBuilder(0);

    private int headBytes;
    private boolean started;
    private boolean lasting;
    /** Of the body or of the present chunk. */
    private long remaining;

    /** @param withBody whether an answer may have one: not to HEAD */
    AnswerReader(boolean withBody, Sink sink) {
        this.withBody = withBody;
        this.sink = sink;
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** Whether anything came at all. */
    boolean isStarted() {
        return started;
    }

    /** Whether the connection may be used for another request once this answer is complete. */
    boolean isLasting() {
        return lasting;
    }

    /** Takes bytes until there are no more or the answer is complete. */
    void read(ByteBuffer in) throws ProtocolException {
        started |= in.hasRemaining();
        while (in.hasRemaining() && state != State.COMPLETE) {
            switch (state) {
                case HEAD -> readHead(in);
                case CHUNK_SIZE, CHUNK_END, TRAILER -> {
                    if (readLine(in)) {
                        String text = line.toString();
                        line.setLength(0);
                        line(text);
                    }
                }
                case LENGTH -> {
                    if (part(in)) {
                        state = State.COMPLETE;
                    }
                }
                case CHUNK -> {
                    if (part(in)) {
                        state = State.CHUNK_END;
                    }
                }
                default -> sink.body(in);
            }
        }
    }

    /**
     * The other side has ended the connection.
     *
     * @throws ProtocolException that was not the end of the answer
     */
    void end() throws ProtocolException {
        if (state == State.UNTIL_CLOSE) {
            state = State.COMPLETE;
        } else if (state != State.COMPLETE) {
            throw new ProtocolException(state == State.HEAD ? "EOF" : "unexpected EOF");
        }
    }

    /** Whether the part was the last of what is announced. */
    private boolean part(ByteBuffer in) {
        int limit = in.limit();
        if (in.remaining() > remaining) {
            in.limit(in.position() + (int) remaining);
        }
        remaining -= in.remaining();
        sink.body(in);
        in.position(in.limit());
        in.limit(limit);
        return remaining == 0;
    }

    private void readHead(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining() && state == State.HEAD) {
            int end = lineEnd(in);
            countHead(end - in.position());
            head.add(in, end);
            if (in.hasRemaining()) {
                in.get();
                if (head.endLine()) {
                    endHead();
                }
            }
        }
    }

    /** Where the next line feed is, or the end of what came. */
    private static int lineEnd(ByteBuffer in) {
        int at = in.position();
        while (at < in.limit() && in.get(at) != '\n') {
            at++;
        }
        return at;
    }

    private void countHead(int bytes) throws ProtocolException {
        headBytes += bytes;
        if (headBytes > MAX_HEAD) {
            throw new ProtocolException("the head of the answer is larger than " + MAX_HEAD + " bytes");
        }
    }

    /** Whether the line is complete, without its line break. */
    private boolean readLine(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n') {
                if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
                    line.setLength(line.length() - 1);
                }
                return true;
            }
            if (state != State.CHUNK_SIZE) {
                countHead(1);
            } else if (line.length() >= MAX_CHUNK_LINE) {
                throw new ProtocolException("the size of a chunk is longer than " + MAX_CHUNK_LINE + " bytes");
            }
            line.append((char) (b & 0xff));
        }
        return false;
    }

    private void line(String text) throws ProtocolException {
        switch (state) {
            case CHUNK_SIZE -> {
                remaining = chunkSize(text);
                state = remaining == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> {
                if (!text.isEmpty()) {
                    throw new ProtocolException("malformed chunked encoding");
                }
                state = State.CHUNK_SIZE;
            }
            // Trailers say nothing that anybody here asks for.
            default -> state = text.isEmpty() ? State.COMPLETE : State.TRAILER;
        }
    }

    /** Without a stream, which would take longer than all else that is done with a head. */
    private static boolean areDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    private void endHead() throws ProtocolException {
        int status = head.statusCode();
        if (status < 200) {
            if (status == 101) {
                throw new ProtocolException("the server changed to a protocol nobody asked for");
            }
            // An interim answer; the one that counts follows.
            head.clear();
            return;
        }
        String connection = lowerCase("Connection");
        lasting = head.isOlderVersion() ? connection.contains("keep-alive") : !connection.contains("close");
        boolean chunked = lowerCase("Transfer-Encoding").endsWith("chunked");
        long length = chunked ? -1 : length();
        if (!withBody || status == 204 || status == 304) {
            state = State.COMPLETE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (length >= 0) {
            remaining = length;
            state = remaining == 0 ? State.COMPLETE : State.LENGTH;
        } else {
            lasting = false;
            state = State.UNTIL_CLOSE;
        }
        Head complete = head;
        head = null;
        sink.head(complete);
    }

    private String lowerCase(String name) {
        return head.first(name).orElse("").toLowerCase(Locale.ROOT);
    }

    /** What the head says about the length of the body; -1 if nothing. */
    private long length() throws ProtocolException {
        List<String> values = head.values("Content-Length");
        if (values.isEmpty()) {
            return -1;
        }
        String value = values.get(0);
        boolean valid = !value.isEmpty()
                && value.length() <= 18
                && areDigits(value)
                && (values.size() == 1 || values.stream().allMatch(value::equals));
        if (!valid) {
            throw new ProtocolException("bad Content-Length \"" + shown(value) + "\"");
        }
        return Long.parseLong(value);
    }

    private static long chunkSize(String text) throws ProtocolException {
        int semicolon = text.indexOf(';');
        String digits = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
        if (digits.isEmpty() || digits.length() > 15 || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new ProtocolException("malformed chunked encoding");
        }
        return Long.parseLong(digits, 16);
    }
}
