package org.narthex.tsdb.block;

import java.util.concurrent.ThreadLocalRandom;

/** Names of blocks: 48 bits of time in ms, 80 random bits, as 26 letters and digits that sort by time. */
public final class Ulid {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;

    private Ulid() {}

    public static String create(long nowMs) {
        char[] text = new char[LENGTH];
        long time = nowMs;
        for (int i = 9; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (time & 31));
            time >>>= 5;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 10; i < LENGTH; i++) {
            text[i] = DIGITS.charAt(random.nextInt(32));
        }
        return new String(text);
    }

    public static boolean isUlid(String text) {
        // The first digit holds three bits only.
        return text.length() == LENGTH && text.charAt(0) <= '7' && text.chars().allMatch(c -> DIGITS.indexOf(c) >= 0);
    }
}
