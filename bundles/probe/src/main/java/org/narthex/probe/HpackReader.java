package org.narthex.probe;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the headers of HTTP/2 that come over one connection, block by block (RFC 7541, section 6). */
final class HpackReader {
    private static final int INDEXED = 0x80;
    private static final int ADDED = 0x40;
    private static final int RESIZED = 0x20;
    private static final int HUFFMAN = 0x80;
    /** So many bytes all headers of an answer may have, names and values. */
    private static final int MAX_TEXT = 1 << 20;

    private final HpackTable table = new HpackTable();

    /**
     * Reads a block.
     *
     * @return name and value in the order of the block; bytes are characters
     * @throws IOException it is damaged, or unreasonably long
     */
    List<Map.Entry<String, String>> read(byte[] block) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(block);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        int length = 0;
        try {
            while (in.hasRemaining()) {
                int first = in.get() & 0xff;
                if ((first & (INDEXED | ADDED | RESIZED)) == RESIZED) {
                    table.limit(integer(in, first, 5));
                    continue;
                }
                Map.Entry<String, String> header =
                        (first & INDEXED) != 0 ? table.get(integer(in, first, 7)) : literal(in, first);
                length += header.getKey().length() + header.getValue().length();
                if (length > MAX_TEXT) {
                    throw new IOException("the headers of the answer have more than " + MAX_TEXT + " bytes");
                }
                headers.add(header);
            }
            return headers;
        } catch (BufferUnderflowException e) {
            throw new IOException("the headers of the answer are damaged: they end too early", e);
        }
    }

    private Map.Entry<String, String> literal(ByteBuffer in, int first) throws IOException {
        boolean isAdded = (first & ADDED) != 0;
        int number = integer(in, first, isAdded ? 6 : 4);
        String name = number == 0 ? text(in) : table.get(number).getKey();
        Map.Entry<String, String> header = Map.entry(name, text(in));
        if (isAdded) {
            table.add(header);
        }
        return header;
    }

    private static String text(ByteBuffer in) throws IOException {
        int first = in.get() & 0xff;
        int length = integer(in, first, 7);
        if (length > in.remaining()) {
            throw new IOException("the headers of the answer are damaged: a text ends too early");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String((first & HUFFMAN) != 0 ? HuffmanCode.decode(bytes) : bytes, StandardCharsets.ISO_8859_1);
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
        throw new IOException("the headers of the answer are damaged: a number is too large");
    }
}
