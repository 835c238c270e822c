package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.tsdb.wal.WalCompression;

class SettingsTest {
    private static WalCompression compression(String type, String on) {
        Map<String, String> given =
                Map.of(Flag.STORAGE_WAL_COMPRESSION_TYPE.property(), type, Flag.STORAGE_WAL_COMPRESSION.property(), on);
        return Settings.of(new Flags(given::get), 0, 0).walCompression();
    }

    @Test
    void takesTheCompressionOfTheLogFromTwoFlags() {
        assertThat(compression("snappy", "true")).isEqualTo(WalCompression.SNAPPY);
        assertThat(compression("zstd", "true")).isEqualTo(WalCompression.ZSTD);
        assertThat(compression("zstd", "false")).isEqualTo(WalCompression.NONE);
    }

    @Test
    void refusesACompressionItDoesNotKnowNamingTheFlag() {
        assertThatThrownBy(() -> compression("gzip", "true"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--storage.tsdb.wal-compression-type: \"gzip\" is not one of snappy, zstd, none");
    }
}
