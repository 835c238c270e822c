package org.narthex.scrape.text;

/** Whether bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    public static boolean isValid(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            int b = bytes[i++];
            if (b >= 0) {
                continue;
            }
            int tail = tailLength(b & 0xff);
            if (tail < 0 || to - i < tail || !isSecond(b & 0xff, bytes[i] & 0xff)) {
                return false;
            }
            for (int k = 1; k < tail; k++) {
                if ((bytes[i + k] & 0xc0) != 0x80) {
                    return false;
                }
            }
            i += tail;
        }
        return true;
    }

    /** How many bytes follow this first one, or -1 if none may stand first. */
    private static int tailLength(int first) {
        if (first >= 0xc2 && first <= 0xdf) {
            return 1;
        }
        if (first >= 0xe0 && first <= 0xef) {
            return 2;
        }
        return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
    }

    private static boolean isSecond(int first, int second) {
        int min = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int max = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        return second >= min && second <= max;
    }
}
