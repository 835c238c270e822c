package org.narthex.tsdb;

import java.nio.file.Path;
import java.util.OptionalLong;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.PromDuration;
import org.narthex.tsdb.block.BlockWriter;

/**
 * How blocks are kept, beside {@link Settings}.
 *
 * @param retention where the configuration says nothing
 * @param maxRangeMs of the longest blocks; empty for what follows from the retention time
 * @param mergesOverlaps whether blocks that overlap in time are made one
 * @param segmentBytes of a block's chunk files
 * @param uploaded the file that names blocks a sidecar has uploaded; an empty path for none
 * @param reloadIntervalMs how often blocks are looked for in the folder
 * @param awaitsConfiguration whether blocks stay as they are until the configuration has said how long they are kept
 */
record BlockSettings(
        StorageConfig.Retention retention,
        OptionalLong maxRangeMs,
        boolean mergesOverlaps,
        long segmentBytes,
        Path uploaded,
        long reloadIntervalMs,
        boolean awaitsConfiguration) {
    static final long DEFAULT_RETENTION_MS = PromDuration.parse("15d");
    private static final long DEFAULT_RELOAD_MS = 60_000;

    static BlockSettings of(Flags flags) {
        String longest = flags.text(Flag.STORAGE_MAX_BLOCK);
        return new BlockSettings(
                retention(
                        flags.isGiven(Flag.STORAGE_RETENTION_TIME) ? flags.text(Flag.STORAGE_RETENTION_TIME) : "0",
                        flags.text(Flag.STORAGE_RETENTION_SIZE)),
                longest.isEmpty() ? OptionalLong.empty() : OptionalLong.of(PromDuration.parse(longest)),
                flags.isOn(Flag.STORAGE_OVERLAPPING),
                Settings.bytes(flags.text(Flag.STORAGE_MAX_CHUNK_SEGMENT)),
                Path.of(flags.text(Flag.STORAGE_DELAY_COMPACT_FILE)),
                Math.max(1000, flags.durationMs(Flag.STORAGE_BLOCK_RELOAD)),
                true);
    }

    /** Samples are kept for 15 days if neither time nor size is said. */
    static StorageConfig.Retention retention(String time, String size) {
        long bytes = Settings.bytes(size);
        long ms = PromDuration.parse(time);
        return new StorageConfig.Retention(ms == 0 && bytes == 0 ? DEFAULT_RETENTION_MS : ms, bytes, 0);
    }

    /** All defaults, but that blocks stay as they are cut from the head. */
    static BlockSettings of(Settings settings) {
        return new BlockSettings(
                new StorageConfig.Retention(settings.retentionMs(), 0, 0),
                OptionalLong.of(settings.blockRangeMs()),
                false,
                BlockWriter.DEFAULT_SEGMENT_BYTES,
                Path.of(""),
                DEFAULT_RELOAD_MS,
                false);
    }
}
