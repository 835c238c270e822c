package org.narthex.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A protobuf message being written. */
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtobufMessage text(int field, String value) {
        key(field, LENGTH);
        bytes(value.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    ProtobufMessage message(int field, ProtobufMessage value) {
        key(field, LENGTH);
        return nested(value);
    }

    /** Adds a message after its length, without a field's number. */
    ProtobufMessage nested(ProtobufMessage value) {
        bytes(value.out.toByteArray());
        return this;
    }

    ProtobufMessage varint(int field, long value) {
        key(field, VARINT);
        raw(value);
        return this;
    }

    ProtobufMessage fixed(int field, double value) {
        key(field, FIXED_64);
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (bits >>> shift));
        }
        return this;
    }

    private void key(int field, int wireType) {
        raw((field << 3) | wireType);
    }

    private void bytes(byte[] value) {
        raw(value.length);
        out.writeBytes(value);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    void writeTo(OutputStream into) throws IOException {
        out.writeTo(into);
    }
}
