package org.narthex.remote;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.narthex.api.model.Histogram;

/** Writes protobuf messages and snappy blocks, plainly: the counterpart of what is tested. */
final class TestRequest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static TestRequest message() {
        return new TestRequest();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    TestRequest varint(int field, long value) {
        raw(field << 3);
        return raw(value);
    }

    TestRequest zigzag(int field, long value) {
        return varint(field, (value << 1) ^ (value >> 63));
    }

    TestRequest doubled(int field, double value) {
        raw((field << 3) | 1);
        fixed(Double.doubleToRawLongBits(value));
        return this;
    }

    private void fixed(long bits) {
        for (int shift = 0; shift < 64; shift += 8) {
            out.write((int) (bits >>> shift));
        }
    }

    TestRequest bytes(int field, byte[] value) {
        raw((field << 3) | 2);
        raw(value.length);
        out.writeBytes(value);
        return this;
    }

    TestRequest text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    TestRequest part(int field, Consumer<TestRequest> content) {
        TestRequest part = new TestRequest();
        content.accept(part);
        return bytes(field, part.bytes());
    }

    TestRequest raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** A series of version 1. */
    TestRequest series(List<String> labels, Consumer<TestRequest> content) {
        return part(1, series -> {
            series.labels(labels);
            content.accept(series);
        });
    }

    TestRequest labels(List<String> labels) {
        for (int i = 0; i < labels.size(); i += 2) {
            String name = labels.get(i);
            String value = labels.get(i + 1);
            part(1, label -> label.text(1, name).text(2, value));
        }
        return this;
    }

    TestRequest sample(long timestampMs, double value) {
        return part(2, sample -> sample.doubled(1, value).varint(2, timestampMs));
    }

    /** The fields of a histogram, alike in both versions. */
    TestRequest histogram(Histogram histogram, long timestampMs) {
        if (histogram.isFloat()) {
            doubled(2, histogram.count());
            doubled(7, histogram.zeroCount());
        } else {
            varint(1, histogram.countBits());
            varint(6, histogram.zeroCountBits());
        }
        doubled(3, histogram.sum()).zigzag(4, histogram.schema()).doubled(5, histogram.zeroThreshold());
        spans(8, histogram.negativeSpans());
        spans(11, histogram.positiveSpans());
        TestRequest negative = new TestRequest();
        TestRequest positive = new TestRequest();
        long before = 0;
        for (int i = 0; i < histogram.negativeBuckets(); i++) {
            before = negative.bucket(histogram.isFloat(), histogram.negativeBits(i), before);
        }
        before = 0;
        for (int i = 0; i < histogram.positiveBuckets(); i++) {
            before = positive.bucket(histogram.isFloat(), histogram.positiveBits(i), before);
        }
        bytes(histogram.isFloat() ? 10 : 9, negative.bytes());
        bytes(histogram.isFloat() ? 13 : 12, positive.bytes());
        TestRequest bounds = new TestRequest();
        for (double bound : histogram.customBounds()) {
            bounds.fixed(Double.doubleToRawLongBits(bound));
        }
        bytes(16, bounds.bytes());
        int hint =
                switch (histogram.resetHint()) {
                    case UNKNOWN -> 0;
                    case RESET -> 1;
                    case NOT_RESET -> 2;
                    case GAUGE -> 3;
                };
        return varint(14, hint).varint(15, timestampMs);
    }

    private long bucket(boolean isFloat, long bits, long before) {
        if (isFloat) {
            fixed(bits);
        } else {
            long delta = bits - before;
            raw((delta << 1) ^ (delta >> 63));
        }
        return bits;
    }

    private void spans(int field, int[] spans) {
        for (int i = 0; i < spans.length; i += 2) {
            int at = i;
            part(field, span -> span.zigzag(1, spans[at]).varint(2, spans[at + 1]));
        }
    }

    /** The texts of version 2; the empty one is number 0. */
    static final class Symbols {
        private final List<String> texts = new ArrayList<>(List.of(""));

        int number(String text) {
            int at = texts.indexOf(text);
            if (at >= 0) {
                return at;
            }
            texts.add(text);
            return texts.size() - 1;
        }

        void refs(TestRequest into, List<String> labels) {
            TestRequest packed = new TestRequest();
            labels.forEach(text -> packed.raw(number(text)));
            into.bytes(1, packed.bytes());
        }

        /** The request: these texts, and then what was written with their numbers. */
        byte[] request(TestRequest series) {
            TestRequest request = new TestRequest();
            texts.forEach(text -> request.text(4, text));
            request.out.writeBytes(series.bytes());
            return request.bytes();
        }
    }

    /** As one literal: nothing compressed. */
    static byte[] literal(byte[] plain) {
        TestRequest block = new TestRequest().raw(plain.length);
        if (plain.length > 0) {
            block.out.write(62 << 2);
            for (int shift = 0; shift < 24; shift += 8) {
                block.out.write((plain.length - 1) >>> shift);
            }
            block.out.writeBytes(plain);
        }
        return block.bytes();
    }
}
