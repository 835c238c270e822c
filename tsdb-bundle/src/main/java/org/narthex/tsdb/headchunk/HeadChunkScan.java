package org.narthex.tsdb.headchunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.headchunk.HeadChunkFormat.NumberedFile;

/**
 * Reads all chunks of all files in order, with their checksums, before the files are opened for good. It ends at the first fault: what comes after
 * must go, since a series whose chunks have a gap would not be given the samples in the gap by the log.
 */
public final class HeadChunkScan {
    private final Set<Integer> empty = new HashSet<>();
    private final SortedMap<Integer, Long> maxTimes = new TreeMap<>();
    private Damage damage;
    private long chunks;

    /** Takes the chunks. */
    @FunctionalInterface
    public interface Visitor {
        /** @param chunk valid until the method returns */
        void chunk(long ref, HeadChunk chunk) throws IOException;
    }

    /**
     * The first fault.
     *
     * @param soundBytes of the file, from its start, which may stay
     * @param later the files after it, which hold nothing that was read
     */
    public record Damage(Path file, long soundBytes, List<Path> later, CorruptionException why) {}

    private HeadChunkScan() {}

    /** @throws IOException if a file cannot be read, or the visitor threw it; damage is no exception but is in the result */
    public static HeadChunkScan of(Path folder, Visitor visitor) throws IOException {
        HeadChunkScan scan = new HeadChunkScan();
        List<NumberedFile> files = HeadChunkFormat.files(folder);
        HeadChunk chunk = new HeadChunk();
        for (int i = 0; i < files.size() && scan.damage == null; i++) {
            NumberedFile file = files.get(i);
            ByteBuffer bytes;
            try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
                // The buffer goes with this round: nobody reads from it once the file may be cut.
                bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            }
            List<Path> later = files.subList(i + 1, files.size()).stream()
                    .map(NumberedFile::path)
                    .toList();
            scan.file(file, bytes, later, chunk, visitor);
        }
        return scan;
    }

    private void file(NumberedFile file, ByteBuffer bytes, List<Path> later, HeadChunk chunk, Visitor visitor)
            throws IOException {
        if (isEmptyFrom(bytes, 0)) {
            // A crash between the making of the file and its first bytes.
            empty.add(file.number());
            return;
        }
        String name = file.path().toString();
        int at = 0;
        long maxTime = Long.MIN_VALUE;
        try {
            HeadChunkReader.expectHeader(name, bytes);
            at = HeadChunkFormat.HEADER;
            while (at < bytes.capacity() && !isEmptyFrom(bytes, at)) {
                int next = HeadChunkReader.read(name, bytes, 0, at, chunk);
                visitor.chunk(HeadChunkFormat.ref(file.number(), at), chunk);
                maxTime = Math.max(maxTime, chunk.maxTimeMs());
                chunks++;
                at = next;
            }
        } catch (CorruptionException e) {
            damage = new Damage(file.path(), at, later, e);
        }
        maxTimes.put(file.number(), maxTime);
    }

    /** Files may have been made longer than what was written. A chunk never begins with so many zeros: series references are above 0. */
    private static boolean isEmptyFrom(ByteBuffer bytes, int from) {
        for (int i = from; i < bytes.capacity(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The first fault; nothing after it was read. */
    public Optional<Damage> damage() {
        return Optional.ofNullable(damage);
    }

    /** How many chunks were read. */
    public long chunks() {
        return chunks;
    }

    /** Numbers of files nothing was ever written to. */
    Set<Integer> empty() {
        return Collections.unmodifiableSet(empty);
    }

    /** The latest time in each file that was read, by its number. */
    SortedMap<Integer, Long> maxTimes() {
        return Collections.unmodifiableSortedMap(maxTimes);
    }
}
