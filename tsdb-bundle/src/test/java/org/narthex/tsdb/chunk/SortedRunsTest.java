package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBuffer;

class SortedRunsTest {
    private static final long SEED = 3;

    private static Histogram histogram(int count) {
        return Histogram.ofIntegers(
                Histogram.ResetHint.UNKNOWN,
                0,
                0,
                0,
                count,
                count,
                new int[] {0, 1},
                new long[] {count},
                new int[0],
                new long[0],
                new double[0]);
    }

    /** Floats, histograms and start timestamps of several sources; of equal times, the first source's stays. */
    @Test
    void keepsTheFirstOfEachTime() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            SampleBuffer samples = new SampleBuffer();
            int before = random.nextInt(3);
            for (int i = 0; i < before; i++) {
                samples.add(1000 + i, -1);
            }
            Map<Long, Integer> expected = new TreeMap<>();
            int id = 1;
            for (int run = 0; run < random.nextInt(6); run++) {
                long t = random.nextInt(50);
                for (int i = 0; i < random.nextInt(200); i++) {
                    t += 1 + random.nextInt(5);
                    expected.putIfAbsent(t, id);
                    if (id % 3 == 0) {
                        samples.add(t, histogram(id));
                    } else {
                        samples.add(t, id);
                    }
                    samples.startTimestampMs(samples.size() - 1, id % 5 == 0 ? id : 0);
                    id++;
                }
            }
            SortedRuns.merge(samples, before);
            assertThat(samples.size()).as("seed %d, round %d", SEED, round).isEqualTo(before + expected.size());
            int i = before;
            for (var entry : expected.entrySet()) {
                int own = entry.getValue();
                assertThat(samples.timestampsMs()[i]).isEqualTo(entry.getKey());
                assertThat(samples.values()[i]).isEqualTo(own);
                assertThat(samples.startTimestampMs(i)).isEqualTo(own % 5 == 0 ? own : 0);
                assertThat(samples.histogram(i) != null).isEqualTo(own % 3 == 0);
                i++;
            }
            samples.add(5000, 1);
            assertThat(samples.histogram(samples.size() - 1)).isNull();
        }
    }
}
