package org.narthex.rest;

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

    private final byte[] buffer;
    private final OutputStream out;
    private final ShortestDecimal decimal = new ShortestDecimal();
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
        int n = text.length();
        for (int i = 0; i < n; i++) {
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
        ascii('"');
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

    private void found() {
        long all = decimal.digits();
        int decimals = decimal.decimals();
        // No long has more than 18 decimals and something before them.
        long unit = decimals < UNITS.length ? UNITS[decimals] : Long.MAX_VALUE;
        digits(all / unit);
        if (decimals > 0) {
            buffer[length++] = '.';
            fraction(all % unit, decimals);
        }
    }

    private void digits(long notNegative) {
        int n = 1;
        for (long rest = notNegative; rest >= 10; rest /= 10) {
            n++;
        }
        fraction(notNegative, n);
    }

    /** Writes the number in exactly so many digits. */
    private void fraction(long number, int digits) {
        long rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }
}
