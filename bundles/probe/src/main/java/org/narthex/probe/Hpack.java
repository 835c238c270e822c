package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/** Headers of HTTP/2 (RFC 7541), as far as a call of gRPC needs them: all are written, of those that come one is found. */
final class Hpack {
    private static final int LITERAL = 0x10;
    private static final byte[] STATUS = "grpc-status".getBytes(StandardCharsets.US_ASCII);
    /** The same in the code of appendix B; the last byte is filled up by ones. */
    private static final byte[] STATUS_CODED = coded(
            "100110", "101100", "101011", "00100", "010110", "01000", "01001", "00011", "01001", "101101", "01000");

    private static final String[] DIGITS = {
        "00000", "00001", "00010", "011001", "011010", "011011", "011100", "011101", "011110", "011111"
    };

    private Hpack() {}

    private static byte[] coded(String... codes) {
        StringBuilder bits = new StringBuilder(String.join("", codes));
        while (bits.length() % 8 != 0) {
            bits.append('1');
        }
        byte[] bytes = new byte[bits.length() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
        }
        return bytes;
    }

    /** Literals that are never indexed. */
    static byte[] block(Map<String, String> headers) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            block.write(LITERAL);
            text(block, name);
            text(block, value);
        });
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int rest = bytes.length;
        if (rest < 0x7f) {
            block.write(rest);
        } else {
            block.write(0x7f);
            for (rest -= 0x7f; rest >= 0x80; rest >>>= 7) {
                block.write((rest & 0x7f) | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** The value of {@code grpc-status}, which is no header that a table would hold before it came for the first time. */
    static OptionalInt grpcStatus(byte[] block) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(block);
        OptionalInt status = OptionalInt.empty();
        try {
            while (in.hasRemaining()) {
                int first = in.get() & 0xff;
                if ((first & 0x80) != 0) {
                    integer(in, first, 7);
                } else if ((first & 0xe0) == 0x20) {
                    integer(in, first, 5);
                } else {
                    boolean named = integer(in, first, (first & 0x40) != 0 ? 6 : 4) == 0;
                    boolean isStatus = named && isStatus(in);
                    boolean huffman = (in.get(in.position()) & 0x80) != 0;
                    byte[] value = bytes(in);
                    if (isStatus) {
                        status = OptionalInt.of(number(value, huffman));
                    }
                }
            }
            return status;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IOException("the headers of the answer are damaged", e);
        }
    }

    private static boolean isStatus(ByteBuffer in) throws IOException {
        boolean huffman = (in.get(in.position()) & 0x80) != 0;
        return Arrays.equals(bytes(in), huffman ? STATUS_CODED : STATUS);
    }

    private static byte[] bytes(ByteBuffer in) throws IOException {
        int length = integer(in, in.get() & 0xff, 7);
        if (length > in.remaining()) {
            throw new IOException("the headers of the answer are damaged");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static int integer(ByteBuffer in, int first, int bits) throws IOException {
        int all = (1 << bits) - 1;
        int value = first & all;
        if (value < all) {
            return value;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            int next = in.get() & 0xff;
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new IOException("the headers of the answer are damaged");
    }

    private static int number(byte[] value, boolean huffman) throws IOException {
        StringBuilder digits = new StringBuilder();
        if (!huffman) {
            digits.append(new String(value, StandardCharsets.ISO_8859_1));
        } else {
            StringBuilder bits = new StringBuilder();
            for (byte b : value) {
                bits.append(Integer.toBinaryString((b & 0xff) | 0x100).substring(1));
            }
            int at = 0;
            // At most seven bits fill up the last byte.
            while (bits.length() - at > 7 || bits.substring(at).contains("0")) {
                int digit = 0;
                while (digit < DIGITS.length && !bits.substring(at).startsWith(DIGITS[digit])) {
                    digit++;
                }
                if (digit == DIGITS.length) {
                    break;
                }
                digits.append(digit);
                at += DIGITS[digit].length();
            }
        }
        if (!digits.toString().matches("\\d{1,4}")) {
            throw new IOException("grpc-status is no number");
        }
        return Integer.parseInt(digits.toString());
    }
}
