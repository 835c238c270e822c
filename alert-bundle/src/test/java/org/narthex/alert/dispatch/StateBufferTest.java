package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

class StateBufferTest {
    private static final String[] TEXTS = {
        "", "plain", "ä", "plain at first, then €", "\uD83D\uDE00", "\ud800 alone", "\u0000\u007f"
    };

    @Test
    void writesWhatDataOutputStreamsWrite() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StateBuffer buffer = new StateBuffer(1);
        for (int round = 0; round < 20; round++) {
            buffer.reset();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(expected);
            for (int i = 0; i < 100; i++) {
                long value = random.nextLong() >> random.nextInt(64);
                String text = TEXTS[random.nextInt(TEXTS.length)];
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeByte((int) value);
                buffer.writeByte((int) value);
                out.writeInt((int) value);
                buffer.writeInt((int) value);
                out.writeLong(value);
                buffer.writeLong(value);
                out.writeInt(utf8.length);
                out.write(utf8);
                buffer.writeText(text);
            }
            assertThat(buffer.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void replacesANumberInItsPlace() {
        StateBuffer buffer = new StateBuffer(2);
        buffer.writeInt(0);
        buffer.writeText("x".repeat(2 << 20));
        buffer.setInt(0, 0x01020304);
        assertThat(buffer.toByteArray()).startsWith(1, 2, 3, 4, 0, 0x20, 0, 0, 'x');
        buffer.reset();
        buffer.writeByte(7);
        assertThat(buffer.toByteArray()).containsExactly(7);
    }
}
