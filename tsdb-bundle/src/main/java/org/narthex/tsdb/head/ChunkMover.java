package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.narthex.tsdb.chunk.XorChunk;

/**
 * Moves complete chunks from memory to files. It copies some of them under the lock, writes them without it, and changes their place under the lock
 * again; the chunks of a series go in the order of their time. The memory is used again once no view is open that was taken before.
 */
final class ChunkMover {
    private static final byte[] NO_BYTES = new byte[0];

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Chunk(int number, long ref, int encoding, byte[] bytes) {}

    private final Head head;
    private final HeadCollector collector;

    ChunkMover(Head head, HeadCollector collector) {
        this.head = head;
        this.collector = collector;
    }

    void run() throws IOException {
        int pages = head.series.pages().length;
        for (int page = 0; page < pages; page++) {
            int number = page;
            List<Chunk> chunks = head.turn(() -> copy(number));
            if (chunks.isEmpty()) {
                continue;
            }
            long[] places = new long[chunks.size()];
            for (int i = 0; i < places.length; i++) {
                Chunk chunk = chunks.get(i);
                places[i] = head.files.append(
                        chunk.ref(),
                        head.chunks.minTimeMs(chunk.number()),
                        head.chunks.maxTimeMs(chunk.number()),
                        chunk.encoding(),
                        false,
                        chunk.bytes());
            }
            head.turn(() -> {
                move(chunks, places);
                return null;
            });
        }
    }

    /** The complete chunks of a page's series that are in memory. */
    private List<Chunk> copy(int number) {
        SeriesPage page = head.series.pages()[number];
        List<Chunk> chunks = new ArrayList<>();
        for (int at = 0; at < SeriesPage.SIZE; at++) {
            if (page.ref[at] == 0) {
                continue;
            }
            int first = chunks.size();
            for (int chunk = page.chunk[at]; chunk != ChunkTable.NONE; chunk = head.chunks.previous(chunk)) {
                long place = head.chunks.place(chunk);
                if (ChunkTable.isFile(place)) {
                    break;
                }
                if (!head.chunks.isOpen(chunk)) {
                    chunks.add(first, chunk(chunk, page.ref[at], place));
                }
            }
        }
        return chunks;
    }

    private Chunk chunk(int number, long ref, long place) {
        int encoding = head.chunks.encoding(number);
        if (!ChunkTable.isSlab(place)) {
            return new Chunk(number, ref, encoding, head.objects.copy(number));
        }
        byte[] bytes = head.slabs.copy(ChunkTable.firstBlock(place), NO_BYTES, XorChunk.HEADER_BYTES);
        ChunkHeader.setSamples(encoding, bytes, head.chunks.samples(number));
        return new Chunk(
                number, ref, encoding, Arrays.copyOf(bytes, XorChunk.HEADER_BYTES + head.chunks.bytes(number)));
    }

    private void move(List<Chunk> chunks, long[] places) {
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            int chunk = chunks.get(i).number();
            long place = head.chunks.place(chunk);
            head.chunks.moveToFile(chunk, places[i]);
            if (ChunkTable.isSlab(place)) {
                blocks.add(ChunkTable.firstBlock(place));
            } else {
                head.objects.free(chunk);
            }
        }
        collector.moved(blocks);
    }
}
