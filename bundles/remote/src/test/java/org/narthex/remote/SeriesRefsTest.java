package org.narthex.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

class SeriesRefsTest {
    private static final long HOUR_MS = 3_600_000;

    private long nowMs = 1_000;
    private final SeriesRefs refs = new SeriesRefs(1 << 20, () -> Instant.ofEpochMilli(nowMs));

    private static long word(long i, int lane) {
        return new SplittableRandom(i * 2 + lane).nextLong();
    }

    private long get(long i) {
        return refs.get(word(i, 0), word(i, 1), refs.epoch());
    }

    private void put(long i, long ref) {
        refs.put(word(i, 0), word(i, 1), ref, refs.epoch());
    }

    @Test
    void givesBackWhatWasPut() {
        for (int i = 1; i <= 20_000; i++) {
            put(i, i);
        }
        assertThat(refs.size()).isEqualTo(20_000);
        for (int i = 1; i <= 20_000; i++) {
            assertThat(get(i)).isEqualTo(i);
        }
        assertThat(get(20_001)).isZero();
        put(7, 70);
        assertThat(get(7)).isEqualTo(70);
        assertThat(refs.size()).isEqualTo(20_000);
    }

    @Test
    void forgetsWhatNobodyAskedForInTwoHours() {
        for (int i = 1; i <= 1000; i++) {
            put(i, i);
        }
        for (int hour = 1; hour <= 3; hour++) {
            nowMs += HOUR_MS;
            for (int i = 1; i <= 500; i++) {
                assertThat(get(i)).isEqualTo(i);
            }
            // Sweeping happens with a new series, stripe by stripe.
            for (int i = 0; i < 200; i++) {
                put(10_000L * hour + i, 1);
            }
        }
        assertThat(get(500)).isEqualTo(500);
        assertThat(get(501)).isZero();
        assertThat(refs.size()).isLessThan(500 + 600 + 1);
    }

    @Test
    void staysWithinItsBound() {
        SeriesRefs small = new SeriesRefs(1600, () -> Instant.ofEpochMilli(nowMs));
        for (int i = 1; i <= 50_000; i++) {
            small.put(word(i, 0), word(i, 1), i, (byte) 0);
            assertThat(small.get(word(i, 0), word(i, 1), (byte) 0)).isIn(0L, (long) i);
        }
        assertThat(small.size()).isBetween(1, 1600);
    }

    @Test
    void readersNeverSeeAnotherSeriesWhileOthersWrite() throws InterruptedException {
        AtomicReference<String> wrong = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            boolean writes = t % 2 == 0;
            Random random = new Random(t);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 200_000; i++) {
                    long key = 1L + random.nextInt(20_000);
                    if (writes) {
                        put(key, key);
                    } else if (get(key) != 0 && get(key) != key) {
                        wrong.set(key + " has " + get(key));
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong.get()).isNull();
    }

    @Test
    void hashesOfSimilarLabelsSpreadInBothHalves() {
        SeriesHash hash = new SeriesHash(SeriesHash.Keys.random(new Random(3)));
        Set<Long> highs = new HashSet<>();
        Set<Long> lows = new HashSet<>();
        int[] ones = new int[128];
        int n = 0;
        for (int length = 0; length <= 70; length++) {
            byte[] bytes = new byte[length];
            for (int bit = 0; bit < length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                hash.bytes(bytes, 0, length);
                bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThat(highs.add(hash.high())).isTrue();
                assertThat(lows.add(hash.low())).isTrue();
                for (int i = 0; i < 64; i++) {
                    ones[i] += (int) ((hash.high() >>> i) & 1);
                    ones[64 + i] += (int) ((hash.low() >>> i) & 1);
                }
                n++;
            }
        }
        // Of about 20,000 fair coins, a share beyond 0.47 .. 0.53 is more than eight standard deviations away.
        for (int count : ones) {
            assertThat((double) count / n).isBetween(0.47, 0.53);
        }
    }

    @Test
    void otherKeysGiveOtherHashes() {
        byte[] bytes = {1, 2, 3};
        SeriesHash one = new SeriesHash(SeriesHash.Keys.random(new Random(1)));
        SeriesHash other = new SeriesHash(SeriesHash.Keys.random(new Random(2)));
        one.bytes(bytes, 0, 3);
        other.bytes(bytes, 0, 3);
        assertThat(one.high()).isNotEqualTo(other.high());
        assertThat(one.low()).isNotEqualTo(other.low());
    }
}
