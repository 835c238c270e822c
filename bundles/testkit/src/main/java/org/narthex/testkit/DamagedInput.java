package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Input whose bytes are damaged, for whatever reads bytes. */
public final class DamagedInput {
    /** Reads all of the input; an exception says why it cannot. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] bytes) throws Exception;
    }

    private DamagedInput() {}

    /** The same for text in UTF-8. */
    public static void isTakenOrRefused(
            int usualRounds, String sound, Class<? extends Exception> refusal, Reader reader) throws Exception {
        isTakenOrRefused(usualRounds, sound.getBytes(StandardCharsets.UTF_8), refusal, reader);
    }

    /**
     * Reads over and over: each time the reader takes what it gets, or refuses it with a reason; anything else is a failure, whose message tells the
     * seed and the input.
     *
     * @param usualRounds how often, see {@link Damage#rounds}
     * @param sound what is not damaged, which must be taken
     * @param refusal how the reader refuses
     */
    public static void isTakenOrRefused(
            int usualRounds, byte[] sound, Class<? extends Exception> refusal, Reader reader) throws Exception {
        reader.read(sound);
        Damage damage = new Damage();
        int rounds = Damage.rounds(usualRounds);
        int taken = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = damage.of(sound);
            String what = "seed " + Damage.seed() + ", round " + round;
            try {
                reader.read(bytes);
                taken++;
            } catch (Exception | Error e) {
                if (!refusal.isInstance(e)) {
                    throw new AssertionError(
                            what + ": " + new String(bytes, StandardCharsets.UTF_8) + "\n" + Arrays.toString(bytes), e);
                }
                assertThat(e.getMessage()).as(what).isNotBlank();
            }
        }
        assertThat(taken).as("some damage does not show, some does").isBetween(1, rounds - 1);
    }
}
