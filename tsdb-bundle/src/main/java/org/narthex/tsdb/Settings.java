package org.narthex.tsdb;

import java.nio.file.Path;
import java.util.Locale;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.PromDuration;
import org.narthex.tsdb.wal.Wal;
import org.narthex.tsdb.wal.WalCompression;

/**
 * What the database works by.
 *
 * @param retentionMs how far behind the newest sample blocks are kept; 0 for no bound
 * @param blockRangeMs the length of blocks cut from the head
 * @param segmentBytes size of a log segment, a multiple of {@link Wal#PAGE}
 * @param xor2 whether floats are written to blocks in the XOR2 encoding where the configuration says nothing
 * @param startTimestamps whether start timestamps are kept, by encodings that Prometheus reads from 3.14 on
 * @param maxSeries the most series in the head; more are refused
 * @param fsyncIntervalMs a power cut loses at most what was acknowledged within this time; 0 leaves it to the operating system
 */
record Settings(
        Path folder,
        boolean lock,
        long retentionMs,
        long blockRangeMs,
        int samplesPerChunk,
        long segmentBytes,
        WalCompression walCompression,
        long fsyncIntervalMs,
        boolean xor2,
        boolean startTimestamps,
        long maxSeries) {
    private static final long BYTES_PER_SERIES = 600;
    private static final long DEFAULT_BLOCK_RANGE_MS = 2 * 60 * 60 * 1000L;
    private static final long DEFAULT_SEGMENT_BYTES = 128L << 20;

    /** @param maxSeries 0 for as many as the memory holds */
    static Settings of(Flags flags, long fsyncIntervalMs, long maxSeries) {
        return new Settings(
                Path.of(flags.text(Flag.STORAGE_PATH)),
                !flags.isOn(Flag.STORAGE_NO_LOCKFILE),
                PromDuration.parse(flags.text(Flag.STORAGE_RETENTION_TIME)),
                flags.durationMs(Flag.STORAGE_MIN_BLOCK),
                (int) Math.max(4, Math.min(30_000, flags.integer(Flag.STORAGE_SAMPLES_PER_CHUNK))),
                segmentBytes(flags.text(Flag.STORAGE_WAL_SEGMENT)),
                walCompression(flags),
                fsyncIntervalMs,
                flags.list(Flag.ENABLE_FEATURE).contains("xor2-encoding"),
                flags.list(Flag.ENABLE_FEATURE).contains("st-storage"),
                maxSeries > 0 ? maxSeries : defaultMaxSeries());
    }

    /** Above what a series takes in the heap, its share of labels and look-ups included; its chunks are outside of that. */
    private static long defaultMaxSeries() {
        return Runtime.getRuntime().maxMemory() / BYTES_PER_SERIES;
    }

    /** All defaults, for a folder. */
    static Settings of(Path folder) {
        return new Settings(
                folder,
                true,
                0,
                DEFAULT_BLOCK_RANGE_MS,
                120,
                DEFAULT_SEGMENT_BYTES,
                WalCompression.SNAPPY,
                1000,
                false,
                false,
                defaultMaxSeries());
    }

    private static WalCompression walCompression(Flags flags) {
        String type = flags.text(Flag.STORAGE_WAL_COMPRESSION_TYPE);
        WalCompression compression =
                switch (type) {
                    case "none" -> WalCompression.NONE;
                    case "snappy" -> WalCompression.SNAPPY;
                    case "zstd" -> WalCompression.ZSTD;
                    default ->
                        throw new IllegalArgumentException("--" + Flag.STORAGE_WAL_COMPRESSION_TYPE.flagName() + ": \""
                                + type + "\" is not one of snappy, zstd, none");
                };
        return flags.isOn(Flag.STORAGE_WAL_COMPRESSION) ? compression : WalCompression.NONE;
    }

    private static long segmentBytes(String text) {
        long bytes = bytes(text);
        // Prometheus' own bounds.
        if (bytes < 10L << 20 || bytes > 256L << 20) {
            throw new IllegalArgumentException(
                    "--" + Flag.STORAGE_WAL_SEGMENT.flagName() + ": " + text + " is not between 10MB and 256MB");
        }
        return bytes / Wal.PAGE * Wal.PAGE;
    }

    /** Bytes with a unit of 1024's powers: B, KB, MB, GB, TB, PB, EB, also spelt KiB and so on. */
    static long bytes(String text) {
        String upper = text.toUpperCase(Locale.ROOT).replace("I", "");
        int unit = -1;
        for (int i = 0; i < "KMGTPE".length(); i++) {
            if (upper.endsWith("KMGTPE".charAt(i) + "B")) {
                unit = i;
            }
        }
        int digits = upper.length() - (unit >= 0 ? 2 : upper.endsWith("B") ? 1 : 0);
        try {
            return Math.multiplyExact(Long.parseLong(upper.substring(0, digits)), 1L << (10 * (unit + 1)));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("not a size in bytes: \"" + text + "\"", e);
        }
    }
}
