package org.narthex.scrape.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.narthex.api.model.MetricType;

/**
 * Pulls samples out of a page in the text format 0.0.4 or 1.0.0, on bytes. {@link #next} moves to the next sample; the getters tell about it. A page
 * usually lists the same series in the same order as last time, so the caller predicts the next series and a right guess is checked by one
 * comparison of bytes. As lax as Prometheus: commas between labels may be missing, quoted texts may hold line breaks, comments are skipped.
 *
 * <p>May be {@linkplain #reset used again}. Not thread-safe.
 */
public final class TextParser {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long NEWLINES = EACH * '\n';

    private static final byte NAME_START = 1;
    private static final byte NAME = 2;
    private static final byte COLON = 4;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = 0; c < 128; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            CLASS[c] =
                    (letter ? NAME_START | NAME | COLON : c >= '0' && c <= '9' ? NAME | COLON : c == ':' ? COLON : 0);
        }
    }

    /** Guesses the next series. */
    @FunctionalInterface
    public interface Prediction {
        /** The end (exclusive) of the predicted series' text if it stands at {@code from}, else -1. */
        int end(byte[] page, int from, int limit);
    }

    private final Decimal decimal = new Decimal();
    private byte[] buf = new byte[1];
    private int limit;
    private int pos;
    private int seriesStart;
    private int seriesEnd;
    private boolean predicted;
    private double value;
    private boolean hasTimestamp;
    private long timestampMs;
    private MetricType type = MetricType.UNKNOWN;

    /** Set by {@link #lineEnd} when it passed a byte outside ASCII. */
    private boolean nonAscii;

    /**
     * Starts a page.
     *
     * @param page must be longer than {@code length} by at least one byte, which is overwritten
     */
    public void reset(byte[] page, int length) {
        buf = page;
        // A missing last line break is fine; with one there in any case, scans need no bound.
        buf[length] = '\n';
        limit = length + 1;
        pos = 0;
        type = MetricType.UNKNOWN;
    }

    /**
     * Moves to the next sample.
     *
     * @return false at the end of the page
     * @throws TextFormatException the page is not in the format
     */
    public boolean next(Prediction prediction) throws TextFormatException {
        while (pos < limit) {
            byte c = buf[pos];
            if (c == '\n' || c == ' ' || c == '\t') {
                pos++;
            } else if (c == '#') {
                hash();
            } else {
                sample(prediction);
                return true;
            }
        }
        return false;
    }

    public int seriesStart() {
        return seriesStart;
    }

    /** Exclusive. */
    public int seriesEnd() {
        return seriesEnd;
    }

    /** Whether the series is the predicted one. */
    public boolean predicted() {
        return predicted;
    }

    public double value() {
        return value;
    }

    public boolean hasTimestamp() {
        return hasTimestamp;
    }

    /** Milliseconds since the epoch, as the page gave it. */
    public long timestampMs() {
        return timestampMs;
    }

    /** The type declared last. */
    public MetricType type() {
        return type;
    }

    private void sample(Prediction prediction) throws TextFormatException {
        seriesStart = pos;
        int end = prediction.end(buf, pos, limit);
        predicted = end >= 0 && endsSeries(end);
        if (!predicted) {
            end = series(pos);
        }
        seriesEnd = end;
        int p = blanks(end);
        if (Decimal.isDelimiter(buf[p])) {
            throw error("expected value after metric", p);
        }
        try {
            value = decimal.parse(buf, p);
        } catch (NumberFormatException e) {
            throw error(e.getMessage() + " in value", p);
        }
        p = blanks(decimal.end());
        hasTimestamp = false;
        if (buf[p] != '\n') {
            p = timestamp(p);
        }
        pos = p + 1;
    }

    /** A predicted name might go on in the page, or have labels after a blank. */
    private boolean endsSeries(int end) {
        if (buf[end - 1] == '}') {
            return true;
        }
        return (CLASS[buf[end] & 0xff] & COLON) == 0 && buf[blanks(end)] != '{';
    }

    private int timestamp(int from) throws TextFormatException {
        int p = from;
        long ms = 0;
        while (buf[p] >= '0' && buf[p] <= '9') {
            int digit = buf[p] - '0';
            if (ms > (Long.MAX_VALUE - digit) / 10) {
                throw error("timestamp out of range", from);
            }
            ms = ms * 10 + digit;
            p++;
        }
        if (p == from) {
            throw error("expected timestamp or new record", p);
        }
        p = blanks(p);
        if (buf[p] != '\n') {
            throw error("expected next entry after timestamp", p);
        }
        hasTimestamp = true;
        timestampMs = ms;
        return p;
    }

    /** Skips name and labels; returns where they end. */
    private int series(int from) throws TextFormatException {
        int p = from;
        if ((CLASS[buf[p] & 0xff] & COLON) != 0 && !isDigit(buf[p])) {
            p = name(p, COLON);
            int brace = blanks(p);
            return buf[brace] == '{' ? labels(brace + 1, true) : p;
        }
        if (buf[p] != '{') {
            throw error("\"" + shown(p) + "\" is not a valid start token", p);
        }
        return labels(p + 1, false);
    }

    private int labels(int from, boolean isNamed) throws TextFormatException {
        boolean named = isNamed;
        int p = blanks(from);
        while (buf[p] != '}') {
            boolean quoted = buf[p] == '"';
            if (!quoted && (CLASS[buf[p] & 0xff] & NAME_START) == 0) {
                throw error("expected label name", p);
            }
            int start = p;
            p = blanks(quoted ? quoted(p, "expected label name") : name(p, NAME));
            if (quoted && (buf[p] == ',' || buf[p] == '}')) {
                // A quoted text alone is the metric's name.
                if (named) {
                    throw error("metric name already set", start);
                }
                named = true;
                p = buf[p] == ',' ? blanks(p + 1) : p;
                continue;
            }
            if (buf[p] != '=') {
                throw error("expected equal", p);
            }
            p = blanks(p + 1);
            if (buf[p] != '"') {
                throw error("expected label value", p);
            }
            p = blanks(quoted(p, "expected label value"));
            if (buf[p] == ',') {
                p = blanks(p + 1);
            }
        }
        if (!named) {
            throw error("metric name not set", seriesStart);
        }
        return p + 1;
    }

    private int name(int from, byte kind) {
        int p = from + 1;
        while ((CLASS[buf[p] & 0xff] & kind) != 0) {
            p++;
        }
        return p;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** Skips a quoted text; returns what follows the closing quote. */
    private int quoted(int from, String expected) throws TextFormatException {
        int p = from + 1;
        boolean ascii = true;
        while (p < limit) {
            byte c = buf[p];
            if (c == '"') {
                if (!ascii && !Utf8.isValid(buf, from, p)) {
                    throw error("invalid UTF-8 label value", from);
                }
                return p + 1;
            }
            if (c == '\\') {
                p++;
                if (p < limit && buf[p] == '\n') {
                    break;
                }
            }
            ascii &= c >= 0;
            p++;
        }
        throw error(expected + " to end with a quote", from);
    }

    /** Needs no bound: the page ends with a line break. */
    private int blanks(int from) {
        int p = from;
        while (buf[p] == ' ' || buf[p] == '\t') {
            p++;
        }
        return p;
    }

    /** A comment, or HELP or TYPE, which need a blank before and after the word. */
    private void hash() throws TextFormatException {
        int p = blanks(pos + 1);
        if (p > pos + 1 && startsWith(p, 'T', 'Y', 'P', 'E')) {
            metadata(blanks(p + 4), "TYPE");
        } else if (p > pos + 1 && startsWith(p, 'H', 'E', 'L', 'P')) {
            metadata(blanks(p + 4), "HELP");
        } else {
            pos = lineEnd(pos) + 1;
        }
    }

    private boolean startsWith(int p, char a, char b, char c, char d) {
        return limit - p > 4
                && buf[p] == a
                && buf[p + 1] == b
                && buf[p + 2] == c
                && buf[p + 3] == d
                && (buf[p + 4] == ' ' || buf[p + 4] == '\t');
    }

    private void metadata(int from, String word) throws TextFormatException {
        int p = from;
        if (buf[p] == '"') {
            p = quoted(p, "expected metric name after " + word);
        } else if ((CLASS[buf[p] & 0xff] & COLON) != 0 && !isDigit(buf[p])) {
            p = name(p, COLON);
        } else {
            throw error("expected metric name after " + word, p);
        }
        nonAscii = false;
        int end = lineEnd(p);
        if (word.equals("TYPE")) {
            type = typeWord(Math.min(p + 1, end), end);
        } else if (nonAscii && !Utf8.isValid(buf, Math.min(p + 1, end), end)) {
            throw error("help text is not valid UTF-8", p);
        }
        pos = end + 1;
    }

    private MetricType typeWord(int from, int to) throws TextFormatException {
        switch (to - from) {
            case 5:
                if (is(from, "gauge")) {
                    return MetricType.GAUGE;
                }
                break;
            case 7:
                if (is(from, "counter")) {
                    return MetricType.COUNTER;
                }
                if (is(from, "summary")) {
                    return MetricType.SUMMARY;
                }
                if (is(from, "untyped")) {
                    return MetricType.UNKNOWN;
                }
                break;
            case 9:
                if (is(from, "histogram")) {
                    return MetricType.HISTOGRAM;
                }
                break;
            default:
                break;
        }
        throw error("invalid metric type \"" + new String(buf, from, to - from, StandardCharsets.UTF_8) + "\"", from);
    }

    private boolean is(int from, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (buf[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the line that holds the position ends: at its line break. Eight bytes at a time, since half of many pages is comments. */
    private int lineEnd(int from) {
        int p = from;
        long seen = 0;
        while (p + 8 <= limit) {
            long bytes = (long) LONGS.get(buf, p);
            long x = bytes ^ NEWLINES;
            long zero = (x - EACH) & ~x & HIGH;
            if (zero != 0) {
                int index = Long.numberOfTrailingZeros(zero) >>> 3;
                long before = index == 0 ? 0 : bytes << (64 - 8 * index);
                nonAscii |= ((seen | before) & HIGH) != 0;
                return p + index;
            }
            seen |= bytes;
            p += 8;
        }
        nonAscii |= (seen & HIGH) != 0;
        while (buf[p] != '\n') {
            nonAscii |= buf[p] < 0;
            p++;
        }
        return p;
    }

    private TextFormatException error(String what, int at) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at && i < limit; i++) {
            if (buf[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new TextFormatException(
                "line " + line + ", column " + (at - lineStart + 1) + ": " + what + ", got \"" + shown(at) + "\"");
    }

    /** A little of the page for a message, with control characters escaped. */
    private String shown(int from) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < Math.min(from + 24, limit - 1) && buf[i] != '\n'; i++) {
            int c = buf[i] & 0xff;
            if (c >= ' ' && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return out.toString();
    }
}
