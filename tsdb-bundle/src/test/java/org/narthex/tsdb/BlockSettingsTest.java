package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.StorageConfig.Retention;

class BlockSettingsTest {
    private static final long DAY = 86_400_000;

    private static BlockSettings of(Map<String, String> flags) {
        return BlockSettings.of(new Flags(flags::get));
    }

    @Test
    void keepsFifteenDaysIfNeitherTimeNorSizeIsGiven() {
        assertThat(of(Map.of()).retention()).isEqualTo(new Retention(15 * DAY, 0, 0));
        assertThat(of(Map.of(Flag.STORAGE_RETENTION_TIME.property(), "30d")).retention())
                .isEqualTo(new Retention(30 * DAY, 0, 0));
        assertThat(of(Map.of(Flag.STORAGE_RETENTION_SIZE.property(), "2GB")).retention())
                .isEqualTo(new Retention(0, 2L << 30, 0));
    }

    @Test
    void takesTheFlagsOfPrometheus() {
        BlockSettings settings = of(Map.of(
                Flag.STORAGE_MAX_BLOCK.property(), "2h",
                Flag.STORAGE_MAX_CHUNK_SEGMENT.property(), "32MB",
                Flag.STORAGE_BLOCK_RELOAD.property(), "10ms",
                Flag.STORAGE_OVERLAPPING.property(), "false",
                Flag.STORAGE_DELAY_COMPACT_FILE.property(), "thanos.shipper.json"));
        assertThat(settings.maxRangeMs()).hasValue(7_200_000);
        assertThat(settings.segmentBytes()).isEqualTo(32L << 20);
        assertThat(settings.reloadIntervalMs()).isEqualTo(1000);
        assertThat(settings.mergesOverlaps()).isFalse();
        assertThat(settings.uploaded()).hasToString("thanos.shipper.json");
        assertThat(of(Map.of()).maxRangeMs()).isEmpty();
    }
}
