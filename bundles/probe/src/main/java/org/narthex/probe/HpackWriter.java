package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes the headers of HTTP/2 as texts that no table keeps (RFC 7541, section 6.2.3). */
final class HpackWriter {
    private static final int LITERAL = 0x10;
    private static final int MAX_SHORT = 0x7f;

    private HpackWriter() {}

    /** @param headers name and value, names in lower case */
    static byte[] block(List<Map.Entry<String, String>> headers) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        headers.forEach(header -> {
            block.write(LITERAL);
            text(block, header.getKey());
            text(block, header.getValue());
        });
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int rest = bytes.length;
        if (rest < MAX_SHORT) {
            block.write(rest);
        } else {
            block.write(MAX_SHORT);
            for (rest -= MAX_SHORT; rest >= 0x80; rest >>>= 7) {
                block.write((rest & 0x7f) | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }
}
