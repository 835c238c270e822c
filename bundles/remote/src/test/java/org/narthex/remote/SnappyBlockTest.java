package org.narthex.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

class SnappyBlockTest {
    private final SnappyBlock snappy = new SnappyBlock();

    private byte[] decode(int... block) throws BadRequestException {
        byte[] bytes = new byte[block.length];
        for (int i = 0; i < block.length; i++) {
            bytes[i] = (byte) block[i];
        }
        return decode(bytes);
    }

    private byte[] decode(byte[] block) throws BadRequestException {
        snappy.decode(block, block.length, 1 << 20);
        return Arrays.copyOfRange(snappy.plain(), snappy.start(), snappy.end());
    }

    @Test
    void readsLiteralsAndCopiesOfAllKinds() throws BadRequestException {
        assertThat(decode(0)).isEmpty();
        // "abcd", then 4 bytes from 4 before (one byte of offset), 3 from 2 before (two bytes), 5 from 1 before (four).
        assertThat(decode(16, 3 << 2, 'a', 'b', 'c', 'd', 1, 4, (2 << 2) | 2, 2, 0, (4 << 2) | 3, 1, 0, 0, 0))
                .isEqualTo("abcdabcdcdcccccc".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void leavesOneLiteralWhereItStands() throws BadRequestException {
        byte[] block = TestRequest.literal(new byte[100_000]);
        snappy.decode(block, block.length, 1 << 20);
        assertThat(snappy.plain()).isSameAs(block);
        assertThat(snappy.end() - snappy.start()).isEqualTo(100_000);
    }

    @Test
    void readsLongOverlappingCopies() throws BadRequestException {
        for (int period = 1; period < 20; period++) {
            TestRequest block = TestRequest.message().raw(period + 64 * 5);
            block.raw((period - 1) << 2);
            for (int i = 0; i < period; i++) {
                block.raw('a' + i);
            }
            byte[] head = block.bytes();
            byte[] whole = Arrays.copyOf(head, head.length + 15);
            for (int i = 0; i < 5; i++) {
                whole[head.length + 3 * i] = (byte) ((63 << 2) | 2);
                whole[head.length + 3 * i + 1] = (byte) period;
            }
            byte[] plain = decode(whole);
            for (int i = 0; i < plain.length; i++) {
                assertThat(plain[i]).isEqualTo((byte) ('a' + (i % period)));
            }
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> decode(new byte[0])).hasMessage("snappy: corrupt input at byte 0: no length");
        assertThatThrownBy(() -> decode(0x80, 0x80, 0x80, 0x80, 0x10))
                .hasMessageContaining("the length is more than 32 bits");
        assertThatThrownBy(() -> decode(0xff, 0xff, 0xff, 0x7f)).hasMessageContaining("more than 1048576");
        assertThatThrownBy(() -> decode(100, 0)).hasMessageContaining("100 bytes cannot come of 2");
        assertThatThrownBy(() -> decode(4, (1 << 2) | 1, 1)).hasMessageContaining("a copy from 1 bytes before byte 0");
        assertThatThrownBy(() -> decode(2, 0, 'a', 0, 'b', 0, 'c'))
                .hasMessageContaining("a literal of 1 bytes where 0");
        assertThatThrownBy(() -> decode(3, 0, 'a')).hasMessageContaining("the block ends after 1 of 3 bytes");
        assertThatThrownBy(() -> decode(9, 0, 'a', (63 << 2) | 2, 1, 0))
                .hasMessageContaining("a copy of 64 bytes where 8");
    }

    @Test
    void refusesNoiseWithoutAnyOtherFailure() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(40)];
            random.nextBytes(noise);
            noise[0] &= 0x7f;
            try {
                decode(noise);
            } catch (BadRequestException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isGreaterThan(40_000);
    }
}
