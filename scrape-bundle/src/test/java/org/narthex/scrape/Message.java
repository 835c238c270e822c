package org.narthex.scrape;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes protobuf, field by field, to make pages of. */
public final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Message text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    public Message bytes(int field, byte[] value) {
        varint((field << 3) | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    public Message message(int field, Message value) {
        return bytes(field, value.out.toByteArray());
    }

    public Message number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    public Message zigzag(int field, long value) {
        return number(field, (value << 1) ^ (value >> 63));
    }

    public Message real(int field, double value) {
        varint((field << 3) | 1);
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array());
        return this;
    }

    public Message label(int field, String name, String value) {
        return message(field, new Message().text(1, name).text(2, value));
    }

    /** A {@code google.protobuf.Timestamp}. */
    public Message time(int field, long ms) {
        return message(field, new Message().number(1, ms / 1000).number(2, ms % 1000 * 1_000_000));
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** The messages as a page: each with its length before it. */
    public static byte[] page(Message... messages) {
        Message page = new Message();
        for (Message message : messages) {
            page.varint(message.out.size());
            page.out.writeBytes(message.out.toByteArray());
        }
        return page.out.toByteArray();
    }
}
