package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

class XxHash64Test {
    @Test
    void isThatOfAnotherImplementationForAllLengths() {
        XXHash64 other = XXHashFactory.safeInstance().hash64();
        Random random = new Random(64);
        for (int length = 0; length < 300; length++) {
            byte[] input = new byte[length];
            random.nextBytes(input);
            assertThat(XxHash64.of(input)).as("of %d bytes", length).isEqualTo(other.hash(input, 0, length, 0));
        }
    }
}
