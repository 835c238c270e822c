package org.narthex.http.client.plain;

import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.narthex.api.http.EagerHandler;

/**
 * Status line and fields of an answer (RFC 9112), as the bytes that came: of a dozen fields one or two are ever asked for, and only those become text. Not
 * thread-safe until it is complete.
 */
final class Head implements EagerHandler.Head {
    private static final int STATUS_LINE = 12;

    /** Lines without their breaks, one after the other. */
    private byte[] text = new byte[512];

    private int length;
    private int lineStart;
    /** Of each field: where its name begins and ends, and where its line ends. */
    private int[] fields = new int[3 * 10];

    private int fieldCount;
    private int status;
    private boolean olderVersion;

    /** Takes bytes of the present line, up to the given position; none of them is a line feed. */
    void add(ByteBuffer in, int end) {
        int more = end - in.position();
        if (length + more > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * length, length + more));
        }
        in.get(text, length, more);
        length += more;
    }

    private int lineLength() {
        return length - lineStart;
    }

    /** Takes the present line; returns whether it was the empty one that ends the head. */
    boolean endLine() throws ProtocolException {
        if (length > lineStart && text[length - 1] == '\r') {
            length--;
        }
        if (status == 0) {
            readStatus();
        } else if (length == lineStart) {
            return true;
        } else {
            readField();
        }
        lineStart = length;
        return false;
    }

    private void readStatus() throws ProtocolException {
        int at = lineStart;
        boolean valid = lineLength() >= STATUS_LINE
                && isVersion(at)
                && text[at + 8] == ' '
                && isDigit(at + 9)
                && text[at + 9] != '0'
                && isDigit(at + 10)
                && isDigit(at + 11)
                && (lineLength() == STATUS_LINE || text[at + STATUS_LINE] == ' ');
        if (!valid) {
            throw new ProtocolException("malformed HTTP response \"" + shownLine() + "\"");
        }
        olderVersion = text[at + 7] == '0';
        status = 100 * (text[at + 9] - '0') + 10 * (text[at + 10] - '0') + (text[at + 11] - '0');
    }

    private boolean isVersion(int at) {
        return text[at] == 'H'
                && text[at + 1] == 'T'
                && text[at + 2] == 'T'
                && text[at + 3] == 'P'
                && text[at + 4] == '/'
                && text[at + 5] == '1'
                && text[at + 6] == '.';
    }

    private boolean isDigit(int at) {
        return text[at] >= '0' && text[at] <= '9';
    }

    private void readField() throws ProtocolException {
        int colon = lineStart;
        while (colon < length && text[colon] != ':') {
            colon++;
        }
        boolean valid = colon > lineStart
                && colon < length
                && text[lineStart] != ' '
                && text[lineStart] != '\t'
                && text[colon - 1] != ' ';
        if (!valid) {
            throw new ProtocolException("malformed HTTP header line \"" + shownLine() + "\"");
        }
        if (3 * fieldCount == fields.length) {
            fields = Arrays.copyOf(fields, 2 * fields.length);
        }
        fields[3 * fieldCount] = lineStart;
        fields[3 * fieldCount + 1] = colon;
        fields[3 * fieldCount + 2] = length;
        fieldCount++;
    }

    private String shownLine() {
        String line = string(lineStart, length);
        return line.length() > 60 ? line.substring(0, 60) + "..." : line;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Forgets everything: it was an interim answer. */
    void clear() {
        length = 0;
        lineStart = 0;
        fieldCount = 0;
        status = 0;
    }

    /** Whether the server speaks HTTP/1.0. */
    boolean isOlderVersion() {
        return olderVersion;
    }

    @Override
    public int statusCode() {
        return status;
    }

    @Override
    public Optional<String> first(String name) {
        for (int i = 0; i < fieldCount; i++) {
            if (isNamed(i, name)) {
                return Optional.of(value(i));
            }
        }
        return Optional.empty();
    }

    /** All values of a field, as they came. */
    List<String> values(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < fieldCount; i++) {
            if (isNamed(i, name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    private boolean isNamed(int field, String name) {
        int start = fields[3 * field];
        int nameLength = fields[3 * field + 1] - start;
        if (nameLength != name.length()) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            int a = text[start + i];
            int b = name.charAt(i);
            if (a != b && (lower(a) != lower(b))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    private String value(int field) {
        return string(fields[3 * field + 1] + 1, fields[3 * field + 2]).strip();
    }

    @Override
    public HttpHeaders headers() {
        Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < fieldCount; i++) {
            map.computeIfAbsent(string(fields[3 * i], fields[3 * i + 1]), name -> new ArrayList<>(1))
                    .add(value(i));
        }
        return HttpHeaders.of(map, (name, value) -> true);
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }
}
