package org.narthex.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.HistogramBucket;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;

/**
 * Writes JSON into a byte buffer that is emptied into a stream when full. Numbers go straight into the bytes, so that the points of an answer
 * allocate nothing, but for very great and very small values. Not thread-safe.
 */
final class JsonBytes {
    static final int BUFFER_BYTES = 32 << 10;

    /** More than any number, escape sequence or fixed piece of text needs. */
    private static final int SLACK = 64;

    private static final double EXACT = 1e15;

    private static final long[] UNITS = new long[19];

    static {
        UNITS[0] = 1;
        for (int i = 1; i < UNITS.length; i++) {
            UNITS[i] = 10 * UNITS[i - 1];
        }
    }

    /** The digits of 00 to 99. */
    private static final byte[] PAIRS = new byte[200];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private final byte[] buffer;
    private final OutputStream out;
    private final ShortestDecimal decimal = new ShortestDecimal();
    private final Stamps stamps = new Stamps();
    private int length;

    /** @param buffer at least some hundred bytes, used until {@link #flush} */
    JsonBytes(byte[] buffer, OutputStream out) {
        this.buffer = buffer;
        this.out = out;
    }

    void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }

    /** Writes what has been written as JSON elsewhere. */
    void raw(ByteArrayOutputStream json) throws IOException {
        flush();
        json.writeTo(out);
    }

    private void makeRoom() throws IOException {
        if (length > buffer.length - SLACK) {
            flush();
        }
    }

    /** Writes ASCII text that needs no escapes, at most {@value #SLACK} characters of it. */
    @SuppressWarnings("deprecation") // the only copy of ASCII text that goes without an array in between
    void ascii(String text) throws IOException {
        makeRoom();
        text.getBytes(0, text.length(), buffer, length);
        length += text.length();
    }

    void ascii(char c) throws IOException {
        makeRoom();
        buffer[length++] = (byte) c;
    }

    void string(String text) throws IOException {
        ascii('"');
        int plain = plain(text);
        if (plain < text.length()) {
            rest(text, plain);
        }
        ascii('"');
    }

    /** Writes the text up to the first character that cannot stay as it is, or for which there is no room. Returns how many characters that are. */
    private int plain(String text) {
        byte[] bytes = buffer;
        int at = length;
        int end = Math.min(text.length(), bytes.length - at);
        int i = 0;
        while (i < end) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                break;
            }
            bytes[at++] = (byte) c;
            i++;
        }
        length = at;
        return i;
    }

    private void rest(String text, int from) throws IOException {
        int n = text.length();
        for (int i = from; i < n; i++) {
            makeRoom();
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                buffer[length++] = (byte) c;
            } else if (c < 0x80) {
                escaped(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < n && Character.isLowSurrogate(text.charAt(i + 1))) {
                utf8(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                utf8(Character.isSurrogate(c) ? 0xfffd : c);
            }
        }
    }

    private void escaped(char c) {
        buffer[length++] = '\\';
        switch (c) {
            case '"', '\\' -> buffer[length++] = (byte) c;
            case '\n' -> buffer[length++] = 'n';
            case '\r' -> buffer[length++] = 'r';
            case '\t' -> buffer[length++] = 't';
            default -> {
                buffer[length++] = 'u';
                buffer[length++] = '0';
                buffer[length++] = '0';
                buffer[length++] = (byte) Character.forDigit(c >> 4, 16);
                buffer[length++] = (byte) Character.forDigit(c & 15, 16);
            }
        }
    }

    private void utf8(int c) {
        if (c < 0x800) {
            buffer[length++] = (byte) (0xc0 | (c >> 6));
        } else {
            if (c < 0x10000) {
                buffer[length++] = (byte) (0xe0 | (c >> 12));
            } else {
                buffer[length++] = (byte) (0xf0 | (c >> 18));
                buffer[length++] = (byte) (0x80 | ((c >> 12) & 0x3f));
            }
            buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        }
        buffer[length++] = (byte) (0x80 | (c & 0x3f));
    }

    void strings(List<String> texts) throws IOException {
        ascii('[');
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                ascii(',');
            }
            string(texts.get(i));
        }
        ascii(']');
    }

    void labels(Labels labels) throws IOException {
        ascii('{');
        for (int i = 0; i < labels.size(); i++) {
            if (i > 0) {
                ascii(',');
            }
            string(labels.name(i));
            ascii(':');
            string(labels.value(i));
        }
        ascii('}');
    }

    /** A sample, {@code [1.500,"0.25"]}. */
    void point(long timestampMs, double value) throws IOException {
        makeRoom();
        buffer[length++] = '[';
        timestamp(timestampMs);
        valueOfPoint(value);
    }

    /**
     * The sample of a series among others of which most have the same timestamps.
     *
     * @param i which of the series' samples
     */
    void point(int i, long timestampMs, double value) throws IOException {
        makeRoom();
        buffer[length++] = '[';
        if (!stamps.has(i, timestampMs)) {
            int start = length;
            seconds(timestampMs);
            stamps.keep(i, timestampMs, buffer, start, length);
        } else {
            length = stamps.copy(i, buffer, length);
        }
        valueOfPoint(value);
    }

    private void valueOfPoint(double value) throws IOException {
        buffer[length++] = ',';
        quotedValue(value);
        buffer[length++] = ']';
    }

    /**
     * A sample that is a histogram, {@code [1.500,{"count":"3","sum":"2","buckets":[[0,"1","2","3"]]}]}. A bucket begins with which of its bounds belong to
     * it: 0 the upper, 1 the lower, 2 none, 3 both.
     */
    void histogramPoint(long timestampMs, Histogram histogram) throws IOException {
        ascii('[');
        timestamp(timestampMs);
        ascii(",{\"count\":");
        quotedValue(histogram.count());
        ascii(",\"sum\":");
        quotedValue(histogram.sum());
        List<HistogramBucket> buckets = HistogramBucket.of(histogram);
        for (int i = 0; i < buckets.size(); i++) {
            HistogramBucket bucket = buckets.get(i);
            ascii(i == 0 ? ",\"buckets\":[[" : ",[");
            ascii((char) ('0'
                    + (bucket.lowerInclusive() ? bucket.upperInclusive() ? 3 : 1 : bucket.upperInclusive() ? 0 : 2)));
            ascii(',');
            quotedValue(bucket.lower());
            ascii(',');
            quotedValue(bucket.upper());
            ascii(',');
            quotedValue(bucket.count());
            ascii(']');
        }
        ascii(buckets.isEmpty() ? "}]" : "]}]");
    }

    /** Seconds with three decimals, or none if they would all be zero. */
    void timestamp(long timestampMs) throws IOException {
        makeRoom();
        seconds(timestampMs);
    }

    private void seconds(long timestampMs) {
        if (timestampMs < 0) {
            buffer[length++] = '-';
        }
        // The remainder of the smallest long is negative too, so no value overflows here.
        digits(Math.abs(timestampMs / 1000));
        int millis = (int) Math.abs(timestampMs % 1000);
        if (millis != 0) {
            buffer[length++] = '.';
            fraction(millis, 3);
        }
    }

    void quotedValue(double value) throws IOException {
        makeRoom();
        buffer[length++] = '"';
        double abs = Math.abs(value);
        if (value == (long) value && abs < EXACT) {
            if (value < 0 || (value == 0 && 1 / value < 0)) {
                buffer[length++] = '-';
            }
            digits((long) abs);
        } else if (abs >= ShortestDecimal.MIN && abs < ShortestDecimal.MAX && decimal.find(abs)) {
            if (value < 0) {
                buffer[length++] = '-';
            }
            found();
        } else {
            ascii(SampleValue.format(value));
        }
        buffer[length++] = '"';
    }

    /** All digits are written as one number, then those before the point are moved to make room for it: the division would take longer. */
    private void found() {
        int decimals = decimal.decimals();
        if (decimals == 0) {
            digits(decimal.digits());
            return;
        }
        int start = length;
        int whole = Math.max(count(decimal.digits()) - decimals, 1);
        length++;
        fraction(decimal.digits(), whole + decimals);
        for (int i = start; i < start + whole; i++) {
            buffer[i] = buffer[i + 1];
        }
        buffer[start + whole] = '.';
    }

    private void digits(long notNegative) {
        fraction(notNegative, count(notNegative));
    }

    /** How many digits a number has that is not negative. */
    private static int count(long number) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(number | 1);
        // The logarithm to base 10, or one more.
        int n = (bits * 1233) >>> 12;
        return n == UNITS.length || number < UNITS[n] ? Math.max(n, 1) : n + 1;
    }

    /** Writes the number in exactly so many digits, two at a time and by divisions of ints where it fits: those of longs are slow. */
    private void fraction(long number, int digits) {
        int end = length + digits;
        int at = end;
        long rest = number;
        while (at - length > 8) {
            long high = rest / 100_000_000;
            int low = (int) (rest - high * 100_000_000);
            rest = high;
            at -= 8;
            pairs(low, at, at + 8);
        }
        pairs((int) rest, length, at);
        length = end;
    }

    /** Writes a number below 10^8 into the given place, with zeros in front. */
    private void pairs(int number, int from, int to) {
        int rest = number;
        int at = to;
        while (at - from >= 2) {
            int high = rest / 100;
            int pair = 2 * (rest - high * 100);
            buffer[--at] = PAIRS[pair + 1];
            buffer[--at] = PAIRS[pair];
            rest = high;
        }
        if (at > from) {
            buffer[from] = (byte) ('0' + rest);
        }
    }
}
