package org.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

class LongIntMapTest {
    private static final long SEED = 28;

    @Test
    void holdsWhatAMapOfObjectsHolds() {
        Random random = new Random(SEED);
        LongIntMap map = new LongIntMap();
        Map<Long, Integer> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            // Mostly neighbours, some far away.
            long key = random.nextInt(10) == 0 ? 1 + (random.nextLong() >>> 24) : 1 + random.nextInt(5000);
            int value = random.nextInt(5) == 0 ? LongIntMap.NONE : random.nextInt(1000);
            map.put(key, value);
            expected.put(key, value);
        }
        expected.forEach((key, value) ->
                assertThat(map.get(key)).as("key %d, seed %d", key, SEED).isEqualTo(value));
        assertThat(map.size()).isEqualTo((int) expected.values().stream()
                .filter(value -> value != LongIntMap.NONE)
                .count());
        assertThat(map.get(Long.MAX_VALUE)).isEqualTo(LongIntMap.NONE);
    }
}
