package org.narthex.tsdb;

import java.nio.file.Path;

/** Settings for tests: all defaults but a few. */
final class TestSettings {
    private TestSettings() {}

    static Settings of(Path folder, long retentionMs, long blockRangeMs, long segmentBytes) {
        Settings base = Settings.of(folder);
        return new Settings(
                folder,
                true,
                retentionMs,
                blockRangeMs,
                120,
                segmentBytes,
                base.walCompression(),
                0,
                false,
                false,
                base.maxSeries());
    }
}
