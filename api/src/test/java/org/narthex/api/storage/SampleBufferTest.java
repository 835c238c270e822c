package org.narthex.api.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class SampleBufferTest {
    private static final int MUCH = 3_000_000;

    @Test
    void aGuardIsAskedWhileTheBufferGrows() {
        List<Integer> asked = new ArrayList<>();
        SampleBuffer buffer = new SampleBuffer(asked::add);
        for (int i = 0; i < MUCH; i++) {
            buffer.add(i, i);
        }
        assertThat(asked).hasSizeBetween(3, 12).isSorted();
        assertThat(asked.get(asked.size() - 1)).isGreaterThanOrEqualTo(MUCH);
    }

    @Test
    void aGuardIsAskedAgainAndAgainWhereThereIsRoomAlready() {
        List<Integer> asked = new ArrayList<>();
        SampleBuffer buffer = new SampleBuffer(asked::add);
        for (int round = 0; round < 2; round++) {
            asked.clear();
            buffer.clear();
            buffer.ensureCapacity(MUCH);
            for (int i = 0; i < MUCH; i++) {
                buffer.ensureCapacity(i + 1);
                buffer.add(i, i);
            }
            assertThat(asked).hasSizeBetween(10, 30);
        }
    }

    @Test
    void aGuardEndsTheFillingAndTheBufferIsGoodForTheNext() {
        SampleBuffer buffer = new SampleBuffer(samples -> {
            throw new IllegalStateException("no room for " + samples);
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> buffer.ensureCapacity(MUCH))
                .withMessage("no room for " + MUCH);
        buffer.clear();
        buffer.add(1, 2);
        assertThat(buffer.size()).isEqualTo(1);
    }
}
