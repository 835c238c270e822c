package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnpackerTest {
    private final PageBuffers buffers = new PageBuffers(1 << 20);
    private final Unpacker unpacker = new Unpacker(buffers);

    @AfterEach
    void allBuffersAreBack() {
        assertThat(buffers.lent()).isZero();
    }

    private String unpack(byte[] packed) throws ScrapeException {
        byte[] page = unpacker.unpack(packed, packed.length, true, 500_000);
        assertThat(page.length).isGreaterThan(unpacker.length());
        String text = new String(page, 0, unpacker.length(), StandardCharsets.UTF_8);
        buffers.giveBack(page);
        return text;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void unpacksPagesOfEverySize() throws Exception {
        assertThat(unpack(gzip(""))).isEmpty();
        for (int lines : new int[] {1, 100, 1023, 1024, 5000, 100_000}) {
            String page = "a 1\n".repeat(lines);
            assertThat(unpack(gzip(page))).isEqualTo(page);
        }
    }

    @Test
    void unpacksSeveralMembersWithAllKindsOfHeaders() throws Exception {
        byte[] plain = gzip("a 1\n");
        byte[] header = Arrays.copyOf(plain, 10);
        header[3] = 2 | 4 | 8 | 16;
        byte[] fields = {3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0, 9, 9};
        byte[] full = join(header, fields, Arrays.copyOfRange(plain, 10, plain.length));
        assertThat(unpack(join(plain, full, plain))).isEqualTo("a 1\na 1\na 1\n");
    }

    @Test
    void refusesDamage() throws Exception {
        byte[] sound = gzip("a 1\n".repeat(100));
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatThrownBy(() -> unpack(cut)).as("%d bytes", length).hasMessageContaining("cannot unpack the body");
        }
        byte[] changed = sound.clone();
        changed[sound.length - 6] ^= 1;
        assertThatThrownBy(() -> unpack(changed)).hasMessageContaining("checksum of gzip does not fit");
        assertThatThrownBy(() -> unpack(join(sound, new byte[] {1}))).hasMessageContaining("not in gzip format");
    }

    @Test
    void stopsAtTheLimit() throws Exception {
        byte[] bomb = gzip("\0".repeat(600_000));
        assertThatThrownBy(() -> unpack(bomb)).hasMessage("body size limit exceeded");
    }

    @Test
    void buffersAreUsedAgainAndBounded() throws Exception {
        byte[] first = buffers.take(5000);
        assertThat(first).hasSize(8192);
        buffers.giveBack(first);
        assertThat(buffers.take(8192)).isSameAs(first);
        byte[] second = buffers.take(50_000);
        assertThatThrownBy(() -> buffers.take(900_000))
                .hasMessageContaining("the pages scraped at present take more than");
        buffers.giveBack(first);
        byte[] larger = buffers.grow(second, 10, second.length + 1);
        assertThat(larger.length).isGreaterThan(second.length);
        buffers.forget(larger);
        assertThat(buffers.take(50_000)).isSameAs(second);
        buffers.giveBack(second);
    }
}
