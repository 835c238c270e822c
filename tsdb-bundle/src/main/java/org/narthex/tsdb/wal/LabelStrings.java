package org.narthex.tsdb.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes strings of UTF-8 bytes, giving the same object again for bytes met lately: most label names and values of a log come over and over. Bounded:
 * each place of the table remembers the text that came to it last. Not thread-safe.
 */
final class LabelStrings {
    private static final int TABLE_BITS = 14;
    private static final int LONGEST = 200;

    private final byte[][] keys = new byte[1 << TABLE_BITS][];
    private final String[] texts = new String[1 << TABLE_BITS];

    String of(byte[] bytes, int start, int length) {
        if (length > LONGEST) {
            return new String(bytes, start, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = hash * 31 + bytes[i];
        }
        int slot = (hash * 0x9E3779B1) >>> (32 - TABLE_BITS);
        byte[] key = keys[slot];
        if (key == null || !Arrays.equals(key, 0, key.length, bytes, start, start + length)) {
            keys[slot] = Arrays.copyOfRange(bytes, start, start + length);
            texts[slot] = new String(bytes, start, length, StandardCharsets.UTF_8);
        }
        return texts[slot];
    }
}
