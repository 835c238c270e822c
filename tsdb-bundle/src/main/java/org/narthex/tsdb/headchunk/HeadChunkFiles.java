package org.narthex.tsdb.headchunk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.headchunk.HeadChunkFormat.NumberedFile;

/**
 * The folder {@code chunks_head}: takes complete chunks of the head and gives them back by their place. Files that were there before are only read; a
 * new one begins with the first chunk. One thread at a time writes (all methods but {@link #read} and the figures); any number read beside it.
 */
public final class HeadChunkFiles implements Closeable {
    /** The folder's name within the data folder. */
    public static final String FOLDER = "chunks_head";

    /** Files are not longer, except for a chunk that is. */
    public static final int FILE_BYTES = 128 << 20;

    private final Path folder;
    private final int fileBytes;
    /** Ascending numbers; replaced, not changed. */
    private volatile List<HeadChunkFile> files;
    /** The last of the files if it is being written, else null. */
    private HeadChunkFile current;

    private int nextNumber;

    /**
     * Opens the folder, which may be missing. Damage that the scan found should be out of the way: nobody may cut a file that is open here. Files the
     * scan did not come to are left alone.
     *
     * @param scan of the same folder
     */
    public HeadChunkFiles(Path folder, HeadChunkScan scan) throws IOException {
        this(folder, scan, FILE_BYTES);
    }

    HeadChunkFiles(Path folder, HeadChunkScan scan, int fileBytes) throws IOException {
        this.folder = folder;
        this.fileBytes = fileBytes;
        Files.createDirectories(folder);
        List<HeadChunkFile> opened = new ArrayList<>();
        nextNumber = 1;
        for (NumberedFile file : HeadChunkFormat.files(folder)) {
            Long maxTime = scan.maxTimes().get(file.number());
            boolean isEmpty = scan.empty().contains(file.number()) || Files.size(file.path()) == 0;
            if (isEmpty) {
                // Prometheus would take it for damage.
                Files.delete(file.path());
                continue;
            }
            nextNumber = file.number() + 1;
            if (maxTime != null) {
                opened.add(HeadChunkFile.open(file.path(), file.number(), maxTime));
            }
        }
        files = List.copyOf(opened);
    }

    /**
     * Appends a chunk. It can be read at once, and is on disk after {@link #sync}.
     *
     * @param minTimeMs of the first sample
     * @param maxTimeMs of the last one
     * @param data only the first {@code length} bytes count; copied
     * @return the chunk's place
     * @throws IOException if there is no room left; the chunk is not added then
     */
    public long write(
            long seriesRef, long minTimeMs, long maxTimeMs, int encoding, boolean outOfOrder, byte[] data, int length)
            throws IOException {
        if (encoding < 0 || encoding >= HeadChunkFormat.OUT_OF_ORDER) {
            throw new IllegalArgumentException("encoding " + encoding + " does not fit into seven bits");
        }
        if (current != null && current.size() + HeadChunkFormat.SHORTEST + 4 + length > fileBytes) {
            cut();
        }
        if (current == null) {
            HeadChunkFile created = HeadChunkFile.create(folder, nextNumber);
            nextNumber++;
            current = created;
            List<HeadChunkFile> more = new ArrayList<>(files);
            more.add(created);
            files = List.copyOf(more);
        }
        int encodingByte = encoding | (outOfOrder ? HeadChunkFormat.OUT_OF_ORDER : 0);
        int offset = current.append(seriesRef, minTimeMs, maxTimeMs, encodingByte, data, length);
        return HeadChunkFormat.ref(current.number(), offset);
    }

    /** Ends the present file, so that it can be deleted one day; the next chunk begins a new one. */
    public void cut() throws IOException {
        if (current != null) {
            current.complete();
            current = null;
        }
    }

    /** Hands everything to the operating system. */
    public void flush() throws IOException {
        if (current != null) {
            current.flush();
        }
    }

    /** Brings everything to the disk. */
    public void sync() throws IOException {
        if (current != null) {
            current.flush();
            current.sync();
        }
    }

    /**
     * Reads a chunk. Thread-safe.
     *
     * @param into filled; of the caller's own
     * @throws CorruptionException if there is no such chunk, or it is damaged
     */
    public void read(long ref, HeadChunk into) throws CorruptionException {
        int number = (int) (ref >>> 32);
        List<HeadChunkFile> present = files;
        // Numbers are mostly without gaps, so the place in the list is known.
        int guess = present.isEmpty() ? -1 : number - present.get(0).number();
        if (guess < 0 || guess >= present.size() || present.get(guess).number() != number) {
            guess = find(present, number);
        }
        int offset = (int) ref;
        if (guess < 0 || offset < 0) {
            throw new CorruptionException(
                    HeadChunkFormat.file(folder, number).toString(),
                    Integer.toUnsignedLong(offset),
                    "there is no such head chunk file, or it was deleted");
        }
        present.get(guess).read(offset, into);
    }

    private static int find(List<HeadChunkFile> files, int number) {
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).number() == number) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Deletes the files from the first on as long as all of their chunks end before a time. A file that is being written stays: {@link #cut} first
     * where it is to go.
     *
     * @return how many files were deleted
     */
    public int deleteBefore(long timeMs) throws IOException {
        int count = 0;
        List<HeadChunkFile> present = files;
        while (count < present.size()
                && present.get(count) != current
                && present.get(count).maxTimeMs() < timeMs) {
            count++;
        }
        return deleteFirst(count);
    }

    /**
     * Deletes the files with smaller numbers; not the one that is being written.
     *
     * @return how many files were deleted
     */
    public int deleteBelow(int number) throws IOException {
        int count = 0;
        List<HeadChunkFile> present = files;
        while (count < present.size()
                && present.get(count) != current
                && present.get(count).number() < number) {
            count++;
        }
        return deleteFirst(count);
    }

    /** Only from the front: Prometheus refuses a folder with a gap in its numbers. */
    private int deleteFirst(int count) throws IOException {
        List<HeadChunkFile> present = files;
        for (int i = 0; i < count; i++) {
            present.get(i).delete();
            files = List.copyOf(present.subList(i + 1, present.size()));
        }
        if (count > 0) {
            try (FileChannel channel = FileChannel.open(folder)) {
                channel.force(true);
            }
        }
        return count;
    }

    /** The number of the file that the next chunk goes to, unless that one is full. */
    public int fileNumber() {
        return current == null ? nextNumber : current.number();
    }

    /** Bytes of all files. Thread-safe. */
    public long size() {
        long size = 0;
        for (HeadChunkFile file : files) {
            size += file.size();
        }
        return size;
    }

    /** Files there are. Thread-safe. */
    public int fileCount() {
        return files.size();
    }

    /** Brings everything to the disk. Chunks can still be read. */
    @Override
    public void close() throws IOException {
        try {
            sync();
        } finally {
            if (current != null) {
                current.close();
                current = null;
            }
        }
    }
}
