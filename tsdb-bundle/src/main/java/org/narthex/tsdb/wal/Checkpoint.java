package org.narthex.tsdb.wal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.fault.FailPoint;

/**
 * Shortens the log: what is still needed of its older segments goes into a checkpoint, which replaces them. Kept are the series somebody still
 * needs, samples, histograms and exemplars from a time on, tombstones that reach to that time, the latest metadata of each series, and records this
 * version does not read. A record of which everything is kept is copied as it is stored.
 */
public final class Checkpoint {
    private static final int FLUSH_AT = 1 << 18;

    private final WalWriter out;
    private final LongPredicate keepsSeries;
    private final long minTimeMs;
    private final long minDeletedMs;
    private final WalDecoder decoder = new WalDecoder();
    private final Filter filter = new Filter();
    private final Map<Long, Metadata> latestMetadata = new LinkedHashMap<>();
    private int gathered;

    private Checkpoint(WalWriter out, LongPredicate keepsSeries, long minTimeMs, long minDeletedMs) {
        this.out = out;
        this.keepsSeries = keepsSeries;
        this.minTimeMs = minTimeMs;
        this.minDeletedMs = minDeletedMs;
    }

    /**
     * The last segment a checkpoint should stand for, as Prometheus reckons: two thirds of those that are complete; empty if that is not worth it.
     *
     * @param lastComplete the segment before the one being written
     */
    public static Optional<Integer> lastToReplace(Path wal, int lastComplete) throws IOException {
        List<Wal.Segment> segments = Wal.segments(wal);
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        int first = segments.get(0).index();
        int last = first + (lastComplete - first) * 2 / 3;
        return last <= first ? Optional.empty() : Optional.of(last);
    }

    /**
     * Writes the checkpoint, then deletes what it replaces.
     *
     * @param last the last segment to replace
     * @param keepsSeries by reference: those in the head, and those that are not any more while segments after {@code last} may have samples of
     *     theirs
     * @param minTimeMs samples before are in blocks
     * @param minLateMs the first of the samples in the log of out-of-order samples, or in chunks it names: what is deleted of them is said here
     * @throws CorruptionException if a source is damaged; the log is left as it was
     */
    public static void write(
            Path wal,
            int last,
            long segmentSize,
            WalCompression compression,
            LongPredicate keepsSeries,
            long minTimeMs,
            long minLateMs)
            throws IOException {
        Path target = Wal.checkpointFolder(wal, last);
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        deleteFlat(temporary);
        Optional<Wal.Segment> previous = Wal.newestCheckpoint(wal);
        List<Wal.Segment> sources = new ArrayList<>();
        if (previous.isPresent()) {
            sources.addAll(Wal.segments(previous.get().file()));
        }
        int covered = previous.map(Wal.Segment::index).orElse(-1);
        for (Wal.Segment segment : Wal.segments(wal)) {
            if (segment.index() > covered && segment.index() <= last) {
                sources.add(segment);
            }
        }
        FailPoint.CHECKPOINT.reach();
        try (WalWriter out = new WalWriter(temporary, segmentSize, compression)) {
            Checkpoint checkpoint = new Checkpoint(out, keepsSeries, minTimeMs, Math.min(minTimeMs, minLateMs));
            for (Wal.Segment source : sources) {
                checkpoint.copy(source.file());
            }
            checkpoint.finish();
        }
        FailPoint.CHECKPOINT.reach();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(wal);
        FailPoint.CHECKPOINT.halfway();
        FailPoint.CHECKPOINT.reach();
        for (Wal.Segment segment : Wal.segments(wal)) {
            if (segment.index() <= last) {
                Files.delete(segment.file());
            }
        }
        for (Wal.Segment old : Wal.checkpoints(wal)) {
            if (old.index() < last) {
                deleteFlat(old.file());
            }
        }
    }

    /** Removes checkpoints that were not completed. */
    public static void removeLeftovers(Path wal) throws IOException {
        List<Path> leftovers = new ArrayList<>();
        if (Files.isDirectory(wal)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(wal, "checkpoint.*.tmp")) {
                folders.forEach(leftovers::add);
            }
        }
        for (Path leftover : leftovers) {
            deleteFlat(leftover);
        }
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    private static void deleteFlat(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private void copy(Path segment) throws IOException {
        try (WalReader reader = new WalReader(segment)) {
            while (reader.next()) {
                copy(reader);
                if (gathered > FLUSH_AT) {
                    out.flush();
                    gathered = 0;
                }
            }
        }
    }

    private void copy(WalReader reader) throws IOException {
        filter.count();
        try {
            decoder.decode(reader.record(), reader.length(), filter);
        } catch (CorruptionException e) {
            // The checksum is right, so it was written so. Replay leaves it out and says so; here it is nobody's to
            // delete.
            filter.keepWhole();
        }
        if (filter.dropped == 0 && filter.kept > 0) {
            reader.copyTo(out);
            gathered += reader.length();
        } else if (filter.kept > 0) {
            filter.encode(reader.record()[0]);
            decoder.decode(reader.record(), reader.length(), filter);
            put();
        }
    }

    private void put() throws IOException {
        out.add(filter.encoder.bytes(), filter.encoder.size());
        gathered += filter.encoder.size();
    }

    private void finish() throws IOException {
        filter.encoder.start(WalRecord.METADATA);
        latestMetadata.forEach(filter.encoder::metadata);
        if (filter.encoder.entries() > 0) {
            put();
        }
        out.flush();
    }

    /** Judges the entries of a record: at first only counts, then, where some are to go, encodes the others. */
    private final class Filter implements WalRecord.Sink {
        final WalEncoder encoder = new WalEncoder();
        int kept;
        int dropped;
        private boolean encodes;

        void count() {
            kept = 0;
            dropped = 0;
            encodes = false;
        }

        void keepWhole() {
            kept = 1;
            dropped = 0;
        }

        void encode(int type) {
            encodes = true;
            encoder.start(type);
        }

        /** @return whether to encode the entry */
        private boolean judge(boolean keeps) {
            if (keeps) {
                kept++;
            } else {
                dropped++;
            }
            return keeps && encodes;
        }

        @Override
        public boolean wants(int type) {
            return type != WalRecord.MMAP_MARKERS;
        }

        @Override
        public void series(long ref, Labels labels) {
            if (judge(keepsSeries.test(ref))) {
                encoder.series(ref, labels);
            }
        }

        @Override
        public void sample(long ref, long timestampMs, long valueBits) {
            sample(ref, timestampMs, 0, valueBits);
        }

        @Override
        public void sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {
            if (judge(timestampMs >= minTimeMs)) {
                encoder.sample(ref, timestampMs, startTimestampMs, valueBits);
            }
        }

        @Override
        public void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {
            if (judge(timestampMs >= minTimeMs)) {
                encoder.histogram(ref, timestampMs, startTimestampMs, histogram);
            }
        }

        @Override
        public void tombstone(long ref, long first, long last) {
            if (judge(last >= minDeletedMs && keepsSeries.test(ref))) {
                encoder.tombstone(ref, first, last);
            }
        }

        @Override
        public void exemplar(long ref, Exemplar exemplar) {
            if (judge(exemplar.timestampMs() >= minTimeMs)) {
                encoder.exemplar(ref, exemplar);
            }
        }

        @Override
        public void metadata(long ref, Metadata metadata) {
            if (keepsSeries.test(ref)) {
                latestMetadata.put(ref, metadata);
            }
        }

        @Override
        public void other(int type, byte[] record, int length) {
            keepWhole();
        }
    }
}
