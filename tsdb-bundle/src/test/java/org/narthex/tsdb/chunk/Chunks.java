package org.narthex.tsdb.chunk;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/** What tests of chunks do again and again: write bytes and samples so that they can be compared. */
final class Chunks {
    private Chunks() {}

    /** Ones and zeros (and blanks, to be read by people) as hexadecimal digits, filled up with zeros to a byte. */
    static String bits(String... bits) {
        StringBuilder padded = new StringBuilder(String.join("", bits).replace(" ", ""));
        while (padded.length() % 8 != 0) {
            padded.append('0');
        }
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < padded.length(); i += 8) {
            hex.append(HexFormat.of().toHexDigits((byte) Integer.parseInt(padded.substring(i, i + 8), 2)));
        }
        return hex.toString();
    }

    /** The 64 bits of a number. */
    static String bits(double value) {
        String bits = Long.toBinaryString(Double.doubleToRawLongBits(value));
        return "0".repeat(64 - bits.length()) + bits;
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] padded(byte[] chunk, int length) {
        byte[] padded = XorChunk.padded(new byte[0], length);
        System.arraycopy(chunk, 0, padded, 0, length);
        return padded;
    }

    static SampleBuffer decode(int encoding, byte[] chunk) throws CorruptionException {
        SampleBuffer buffer = new SampleBuffer();
        decode(encoding, chunk, buffer);
        return buffer;
    }

    static void decode(int encoding, byte[] chunk, SampleBuffer into) throws CorruptionException {
        ChunkCodec.decode(encoding, padded(chunk, chunk.length), chunk.length, Long.MIN_VALUE, Long.MAX_VALUE, into);
    }

    /** A sample without its hint and without empty buckets: what must survive being written. */
    static String text(SampleBuffer samples, int i) {
        String value = samples.histogram(i) == null
                ? Long.toHexString(Double.doubleToRawLongBits(samples.values()[i]))
                : text(samples.histogram(i));
        return samples.timestampsMs()[i] + " since " + samples.startTimestampMs(i) + ": " + value;
    }

    static String text(Histogram h) {
        if (h.isStale()) {
            return "stale " + h.isFloat();
        }
        StringBuilder bounds = new StringBuilder();
        for (double bound : h.customBounds()) {
            bounds.append(' ').append(bound);
        }
        return (h.isFloat() ? "float " : "integer ") + h.schema() + " zero " + h.zeroThreshold() + " "
                + Long.toHexString(h.zeroCountBits()) + " count " + Long.toHexString(h.countBits()) + " sum "
                + Long.toHexString(Double.doubleToRawLongBits(h.sum())) + " positive "
                + buckets(h.positiveSpans(), h::positive) + " negative " + buckets(h.negativeSpans(), h::negative)
                + bounds;
    }

    static Map<Long, Double> buckets(int[] spans, IntToDoubleFunction counts) {
        Map<Long, Double> buckets = new TreeMap<>();
        long index = 0;
        int n = 0;
        for (int i = 0; i < spans.length; i += 2) {
            index += spans[i];
            for (int j = 0; j < spans[i + 1]; j++, index++) {
                double count = counts.applyAsDouble(n++);
                if (count != 0) {
                    buckets.put(index, count);
                }
            }
        }
        return buckets;
    }
}
