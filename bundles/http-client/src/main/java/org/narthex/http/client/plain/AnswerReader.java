package org.narthex.http.client.plain;

import java.net.ProtocolException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes the bytes of one answer as they come: its head, then its body in any of the ways a body may end (RFC 9112). */
final class AnswerReader {
    /** What the answer is made into. */
    interface Sink {
        void head(int status, HttpHeaders headers);

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
    private byte[] line = new byte[256];
    private int lineLength;
    private int headBytes;
    private boolean started;
    private boolean lasting;
    private int status;
    private Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
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
                case HEAD, CHUNK_SIZE, CHUNK_END, TRAILER -> {
                    if (readLine(in)) {
                        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
                        lineLength = 0;
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

    /** Whether the line is complete, without its line break. */
    private boolean readLine(ByteBuffer in) throws ProtocolException {
        int max = state == State.CHUNK_SIZE ? MAX_CHUNK_LINE : MAX_HEAD;
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n') {
                if (lineLength > 0 && line[lineLength - 1] == '\r') {
                    lineLength--;
                }
                return true;
            }
            if (lineLength >= max || (state != State.CHUNK_SIZE && ++headBytes > MAX_HEAD)) {
                throw new ProtocolException("the head of the answer is larger than " + max + " bytes");
            }
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, 2 * lineLength);
            }
            line[lineLength++] = b;
        }
        return false;
    }

    private void line(String text) throws ProtocolException {
        switch (state) {
            case HEAD -> {
                if (status == 0) {
                    status = status(text);
                } else if (text.isEmpty()) {
                    endHead();
                } else {
                    field(text);
                }
            }
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

    private int status(String text) throws ProtocolException {
        boolean valid = text.startsWith("HTTP/1.")
                && text.length() >= 12
                && text.charAt(8) == ' '
                && areDigits(text, 9, 12)
                && (text.length() == 12 || text.charAt(12) == ' ');
        if (!valid || text.charAt(9) == '0') {
            throw new ProtocolException("malformed HTTP response \"" + shown(text) + "\"");
        }
        lasting = text.charAt(7) != '0';
        return Integer.parseInt(text, 9, 12, 10);
    }

    private void field(String text) throws ProtocolException {
        int colon = text.indexOf(':');
        if (colon <= 0 || text.charAt(0) == ' ' || text.charAt(0) == '\t' || text.charAt(colon - 1) == ' ') {
            throw new ProtocolException("malformed HTTP header line \"" + shown(text) + "\"");
        }
        fields.computeIfAbsent(text.substring(0, colon), name -> new ArrayList<>(1))
                .add(text.substring(colon + 1).strip());
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
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
        if (status < 200) {
            if (status == 101) {
                throw new ProtocolException("the server changed to a protocol nobody asked for");
            }
            // An interim answer; the one that counts follows.
            status = 0;
            fields.clear();
            return;
        }
        String connection = first("Connection").toLowerCase(Locale.ROOT);
        lasting = lasting ? !connection.contains("close") : connection.contains("keep-alive");
        HttpHeaders headers = HttpHeaders.of(fields, (name, value) -> true);
        boolean chunked = first("Transfer-Encoding").toLowerCase(Locale.ROOT).endsWith("chunked");
        Optional<Long> length = chunked ? Optional.empty() : length();
        fields = Map.of();
        if (!withBody || status == 204 || status == 304) {
            state = State.COMPLETE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (length.isPresent()) {
            remaining = length.get();
            state = remaining == 0 ? State.COMPLETE : State.LENGTH;
        } else {
            lasting = false;
            state = State.UNTIL_CLOSE;
        }
        sink.head(status, headers);
    }

    private String first(String name) {
        List<String> values = fields.get(name);
        return values == null ? "" : values.get(0);
    }

    private Optional<Long> length() throws ProtocolException {
        List<String> values = fields.getOrDefault("Content-Length", List.of());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String value = values.get(0);
        boolean valid = !value.isEmpty()
                && value.length() <= 18
                && areDigits(value, 0, value.length())
                && (values.size() == 1 || values.stream().allMatch(value::equals));
        if (!valid) {
            throw new ProtocolException("bad Content-Length \"" + shown(value) + "\"");
        }
        return Optional.of(Long.parseLong(value));
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
