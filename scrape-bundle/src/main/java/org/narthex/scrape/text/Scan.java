package org.narthex.scrape.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What reading the two text formats has in common. Pages end with a line break, so that most scans need no bound. */
final class Scan {
    static final byte NAME_START = 1;
    static final byte NAME = 2;
    /** May stand in a metric name, which may hold colons. */
    static final byte METRIC = 4;

    static final byte[] CLASS = new byte[256];

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long NEWLINES = EACH * '\n';

    static {
        for (int c = 0; c < 128; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            CLASS[c] = (letter
                    ? NAME_START | NAME | METRIC
                    : c >= '0' && c <= '9' ? NAME | METRIC : c == ':' ? METRIC : 0);
        }
    }

    private Scan() {}

    static boolean startsMetric(byte c) {
        return (CLASS[c & 0xff] & METRIC) != 0 && (c < '0' || c > '9');
    }

    static boolean startsLabel(byte c) {
        return (CLASS[c & 0xff] & NAME_START) != 0;
    }

    /** Where a name ends whose first character is at the position. */
    static int name(byte[] page, int from, byte kind) {
        int p = from + 1;
        while ((CLASS[page[p] & 0xff] & kind) != 0) {
            p++;
        }
        return p;
    }

    /**
     * Where the line that holds the position ends: at its line break. Eight bytes at a time, since half of many pages is comments.
     *
     * @return {@code -1 - end} if bytes outside ASCII were passed
     */
    static int lineEnd(byte[] page, int from, int limit) {
        int p = from;
        long seen = 0;
        while (p + 8 <= limit) {
            long bytes = (long) LONGS.get(page, p);
            long x = bytes ^ NEWLINES;
            long zero = (x - EACH) & ~x & HIGH;
            if (zero != 0) {
                int index = Long.numberOfTrailingZeros(zero) >>> 3;
                seen |= index == 0 ? 0 : bytes << (64 - 8 * index);
                return (seen & HIGH) == 0 ? p + index : -1 - p - index;
            }
            seen |= bytes;
            p += 8;
        }
        boolean ascii = (seen & HIGH) == 0;
        while (page[p] != '\n') {
            ascii &= page[p] >= 0;
            p++;
        }
        return ascii ? p : -1 - p;
    }

    static boolean is(byte[] page, int from, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (page[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean is(byte[] page, int from, int to, String word) {
        return to - from == word.length() && is(page, from, word);
    }

    static int hash(byte[] page, int from, int to) {
        int h = 1;
        for (int i = from; i < to; i++) {
            h = 31 * h + page[i];
        }
        return h;
    }

    static PageFormatException error(byte[] page, int limit, String what, int at) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at && i < limit; i++) {
            if (page[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new PageFormatException("line " + line + ", column " + (at - lineStart + 1) + ": " + what + ", got \""
                + shown(page, limit, at) + "\"");
    }

    /** A little of the page for a message, with control characters escaped. */
    static String shown(byte[] page, int limit, int from) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < Math.min(from + 24, limit - 1) && page[i] != '\n'; i++) {
            int c = page[i] & 0xff;
            if (c >= ' ' && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return out.toString();
    }
}
