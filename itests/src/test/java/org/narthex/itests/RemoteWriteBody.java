package org.narthex.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request of remote write 1.0, put together by hand: there is no need of a snappy library for blocks that compress nothing. */
final class RemoteWriteBody {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ByteArrayOutputStream request = new ByteArrayOutputStream();

    /** Adds one series; {@code values[i]} was measured at {@code timesMs[i]}. */
    RemoteWriteBody series(Map<String, String> labels, long[] timesMs, double[] values) {
        ByteArrayOutputStream series = labels(labels);
        for (int i = 0; i < timesMs.length; i++) {
            ByteArrayOutputStream sample = new ByteArrayOutputStream();
            fixed(sample, 1, values[i]);
            sample.write(2 << 3);
            varint(sample, timesMs[i]);
            field(series, 2, sample.toByteArray());
        }
        field(request, 1, series.toByteArray());
        return this;
    }

    /**
     * An integer histogram.
     *
     * @param firstIndex of the positive bucket that {@code buckets[0]} counts; the others follow it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Histogram(double sum, int schema, double zeroThreshold, long zeroCount, int firstIndex, long[] buckets) {
        private byte[] encoded(long timeMs) {
            long count = zeroCount;
            ByteArrayOutputStream deltas = new ByteArrayOutputStream();
            long before = 0;
            for (long bucket : buckets) {
                count += bucket;
                zigZag(deltas, bucket - before);
                before = bucket;
            }
            ByteArrayOutputStream span = new ByteArrayOutputStream();
            span.write(1 << 3);
            zigZag(span, firstIndex);
            span.write(2 << 3);
            varint(span, buckets.length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(1 << 3);
            varint(out, count);
            fixed(out, 3, sum);
            out.write(4 << 3);
            zigZag(out, schema);
            fixed(out, 5, zeroThreshold);
            out.write(6 << 3);
            varint(out, zeroCount);
            field(out, 11, span.toByteArray());
            field(out, 12, deltas.toByteArray());
            out.write(15 << 3);
            varint(out, timeMs);
            return out.toByteArray();
        }
    }

    /** Adds one series of histograms. */
    RemoteWriteBody histograms(Map<String, String> labels, long[] timesMs, List<Histogram> values) {
        ByteArrayOutputStream series = labels(labels);
        for (int i = 0; i < timesMs.length; i++) {
            field(series, 4, values.get(i).encoded(timesMs[i]));
        }
        field(request, 1, series.toByteArray());
        return this;
    }

    /** Sends the request; it must be accepted. */
    void send(String url) throws IOException, InterruptedException {
        HttpRequest write = HttpRequest.newBuilder(URI.create(url + "/api/v1/write"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(snappy()))
                .build();
        HttpResponse<String> answer = HTTP.send(write, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(url + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private static ByteArrayOutputStream labels(Map<String, String> labels) {
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        new TreeMap<>(labels).forEach((name, value) -> {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            field(label, 1, name.getBytes(StandardCharsets.UTF_8));
            field(label, 2, value.getBytes(StandardCharsets.UTF_8));
            field(series, 1, label.toByteArray());
        });
        return series;
    }

    /** The request as one snappy block: its length, and literals of 64 KiB at most. */
    byte[] snappy() {
        byte[] plain = request.toByteArray();
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        varint(block, plain.length);
        for (int at = 0; at < plain.length; ) {
            int length = Math.min(1 << 16, plain.length - at);
            // The tag of a literal whose length less one is in the two bytes that follow.
            block.write(61 << 2);
            block.write(length - 1);
            block.write((length - 1) >> 8);
            block.write(plain, at, length);
            at += length;
        }
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
        out.write((number << 3) | 2);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void fixed(ByteArrayOutputStream out, int number, double value) {
        out.write((number << 3) | 1);
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array());
    }

    private static void zigZag(ByteArrayOutputStream out, long value) {
        varint(out, (value << 1) ^ (value >> 63));
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
