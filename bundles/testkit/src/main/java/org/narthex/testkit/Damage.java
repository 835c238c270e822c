package org.narthex.testkit;

import java.util.Arrays;
import java.util.Random;

/**
 * Damages what a parser reads, a little and by chance, in the same way for the same seed. {@code -Dfuzz.seed} repeats a run, {@code -Dfuzz.rounds}
 * prolongs it. Not thread-safe.
 */
public final class Damage {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_128L);

    private final Random random;

    public Damage() {
        this(new Random(SEED));
    }

    /** @param random what chance is taken from */
    public Damage(Random random) {
        this.random = random;
    }

    /** The seed of this run, for messages of failures. */
    public static long seed() {
        return SEED;
    }

    /** How often a test tries. */
    public static int rounds(int usual) {
        return Integer.getInteger("fuzz.rounds", usual);
    }

    /** A copy with one to four changes. */
    public byte[] of(byte[] sound) {
        byte[] bytes = sound.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = spliced(bytes, at, at + length, new byte[0]);
                case 4 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
                default -> {
                    int from = random.nextInt(sound.length);
                    byte[] piece = Arrays.copyOfRange(sound, from, Math.min(sound.length, from + length));
                    bytes = spliced(bytes, at, at, piece);
                }
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] out = new byte[bytes.length - (to - from) + piece.length];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(piece, 0, out, from, piece.length);
        System.arraycopy(bytes, to, out, from + piece.length, bytes.length - to);
        return out;
    }
}
