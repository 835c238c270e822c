package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * What was deleted from a block, by the number of the series in the index.
 *
 * <pre>
 * be32 0x0130BA30, byte version 1
 * { uvarint series, varint first ms, varint last ms }
 * be32 CRC-32C of the stones
 * </pre>
 */
final class TombstoneFile {
    static final String FILE = "tombstones";
    private static final int MAGIC = 0x0130BA30;
    private static final int HEADER = 5;

    private TombstoneFile() {}

    /** No file means nothing is deleted. */
    static Map<Integer, Intervals> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Map.of();
        }
        byte[] bytes = Files.readAllBytes(file);
        Decbuf in = new Decbuf(file.toString(), bytes, bytes.length);
        if (bytes.length == 0 || in.be32() != MAGIC) {
            throw new CorruptionException(file.toString(), 0, "not a tombstones file: wrong magic number");
        }
        int version = in.u8();
        if (version != 1) {
            throw new CorruptionException(file.toString(), 4, "unknown tombstones version " + version);
        }
        in.checkTrailingCrc();
        Map<Integer, Intervals> stones = new HashMap<>();
        while (in.hasRemaining()) {
            int series = (int) in.uvarint();
            long first = in.varint();
            long last = in.varint();
            if (first <= last) {
                stones.merge(series, Intervals.NONE.with(first, last), (old, added) -> old.with(first, last));
            }
        }
        return stones;
    }

    static byte[] encode(Map<Integer, Intervals> stones) {
        Encbuf out = new Encbuf(256);
        out.be32(MAGIC);
        out.u8(1);
        int[] order = stones.keySet().stream().mapToInt(Integer::intValue).toArray();
        Arrays.sort(order);
        for (int series : order) {
            Intervals intervals = stones.get(series);
            for (int i = 0; i < intervals.size(); i++) {
                out.uvarint(Integer.toUnsignedLong(series));
                out.varint(intervals.first(i));
                out.varint(intervals.last(i));
            }
        }
        out.crcFrom(HEADER);
        return Arrays.copyOf(out.bytes(), out.size());
    }

    static long count(Map<Integer, Intervals> stones) {
        long count = 0;
        for (Intervals intervals : stones.values()) {
            count += intervals.size();
        }
        return count;
    }
}
