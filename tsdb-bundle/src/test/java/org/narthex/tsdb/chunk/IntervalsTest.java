package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBuffer;

class IntervalsTest {
    private static final long SEED = 7;

    @Test
    void mergesWhatTouchesOrOverlaps() {
        Intervals one = Intervals.NONE.with(10, 20).with(30, 40).with(21, 29);
        assertThat(one.size()).isEqualTo(1);
        assertThat(one.first(0)).isEqualTo(10);
        assertThat(one.last(0)).isEqualTo(40);
        assertThat(Intervals.NONE.with(10, 20).with(22, 30).size()).isEqualTo(2);
    }

    @Test
    void takesTheWholeOfTime() {
        Intervals all = Intervals.NONE.with(5, 6).with(Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(all.size()).isEqualTo(1);
        assertThat(all.with(0, 1).covers(-5, 5)).isTrue();
    }

    @Test
    void filtersAsASetOfMillisecondsWould() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            Intervals intervals = Intervals.NONE;
            BitSet deleted = new BitSet();
            for (int i = 0; i < random.nextInt(8); i++) {
                int from = random.nextInt(100);
                int to = from + random.nextInt(20);
                intervals = intervals.with(from, to);
                deleted.set(from, to + 1);
            }
            SampleBuffer buffer = new SampleBuffer();
            for (int t = 0; t < 130; t++) {
                buffer.add(t, t);
            }
            intervals.filter(buffer, 0);
            BitSet left = new BitSet();
            for (int i = 0; i < buffer.size(); i++) {
                left.set((int) buffer.timestampsMs()[i]);
            }
            deleted.flip(0, 130);
            assertThat(left).as("seed %d, round %d", SEED, round).isEqualTo(deleted);
        }
    }

    @Test
    void movesHistogramsAndStartsTogetherWithTheirTimes() {
        SampleBuffer buffer = new SampleBuffer();
        buffer.add(1, 1.0);
        buffer.add(2, Histogram.stale(true));
        buffer.add(3, 3.0);
        buffer.add(4, Histogram.stale(false));
        buffer.startTimestampMs(3, 100);
        Intervals.NONE.with(2, 2).filter(buffer, 0);
        assertThat(buffer.size()).isEqualTo(3);
        assertThat(buffer.timestampsMs()).startsWith(1, 3, 4);
        assertThat(buffer.histogram(1)).isNull();
        assertThat(buffer.histogram(2)).isEqualTo(Histogram.stale(false));
        assertThat(buffer.startTimestampMs(1)).isZero();
        assertThat(buffer.startTimestampMs(2)).isEqualTo(100);
    }
}
