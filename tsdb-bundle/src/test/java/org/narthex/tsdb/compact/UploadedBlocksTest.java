package org.narthex.tsdb.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadedBlocksTest {
    @TempDir
    Path folder;

    private long nanos;

    @Test
    void holdsBackWhatTheFileDoesNotName() throws Exception {
        Path file = folder.resolve("thanos.shipper.json");
        UploadedBlocks uploaded = new UploadedBlocks(file, () -> nanos);
        assertThat(uploaded.isHeldBack("A")).as("no file").isFalse();
        Files.writeString(file, "{\"version\":1,\"uploaded\":[\"A\",\"B\"]}");
        assertThat(uploaded.isHeldBack("C")).as("read again after a minute").isFalse();
        nanos += 61_000_000_000L;
        assertThat(uploaded.isHeldBack("A")).isFalse();
        assertThat(uploaded.isHeldBack("C")).isTrue();
        Files.writeString(file, "{\"uploaded\":[");
        nanos += 61_000_000_000L;
        assertThat(uploaded.isHeldBack("C")).as("damaged file").isFalse();
    }

    @Test
    void holdsBackNothingWithoutAFile() {
        assertThat(new UploadedBlocks(Path.of(""), () -> nanos).isHeldBack("A")).isFalse();
    }
}
