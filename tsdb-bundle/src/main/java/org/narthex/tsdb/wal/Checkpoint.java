package org.narthex.tsdb.wal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * Shortens the log: what is still needed of its older segments goes into a checkpoint, which replaces them. Series that are in the head, samples and
 * tombstones from a time on, and records this version does not read are kept.
 */
public final class Checkpoint implements WalRecord.Sink {
    private static final int FLUSH_AT = 1 << 18;

    private final WalWriter out;
    private final LongPredicate isInHead;
    private final long minTimeMs;
    private final Encbuf record = new Encbuf(4096);
    private boolean started;
    private long firstRef;
    private long firstT;
    private int gathered;

    private Checkpoint(WalWriter out, LongPredicate isInHead, long minTimeMs) {
        this.out = out;
        this.isInHead = isInHead;
        this.minTimeMs = minTimeMs;
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
     */
    public static void write(
            Path wal, int last, long segmentSize, boolean compress, LongPredicate isInHead, long minTimeMs)
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
        try (WalWriter out = new WalWriter(temporary, segmentSize, compress)) {
            Checkpoint checkpoint = new Checkpoint(out, isInHead, minTimeMs);
            for (Wal.Segment source : sources) {
                checkpoint.copy(source.file());
            }
            out.flush();
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(wal);
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
                started = false;
                WalRecord.decode(reader.record(), reader.length(), this);
                if (started) {
                    put(record.bytes(), record.size());
                }
            }
        } catch (UnsupportedOperationException e) {
            throw new IOException(e.getMessage(), e);
        } catch (CorruptionException e) {
            throw new IOException("the WAL cannot be shortened: " + e.getMessage(), e);
        }
    }

    private void put(byte[] bytes, int length) throws IOException {
        out.add(bytes, length);
        gathered += length;
        if (gathered > FLUSH_AT) {
            out.flush();
            gathered = 0;
        }
    }

    @Override
    public void series(long ref, Labels labels) {
        if (isInHead.test(ref)) {
            if (!started) {
                WalRecord.startSeries(record);
                started = true;
            }
            WalRecord.series(record, ref, labels);
        }
    }

    @Override
    public void sample(long ref, long timestampMs, long valueBits) {
        if (timestampMs >= minTimeMs) {
            if (!started) {
                firstRef = ref;
                firstT = timestampMs;
                WalRecord.startSamples(record, ref, timestampMs);
                started = true;
            }
            WalRecord.sample(record, ref - firstRef, timestampMs - firstT, valueBits);
        }
    }

    @Override
    public void tombstone(long ref, long first, long last) {
        if (last >= minTimeMs && isInHead.test(ref)) {
            if (!started) {
                WalRecord.startTombstones(record);
                started = true;
            }
            WalRecord.tombstone(record, ref, first, last);
        }
    }

    @Override
    public void other(int type, byte[] bytes, int length) throws IOException {
        put(bytes, length);
    }
}
