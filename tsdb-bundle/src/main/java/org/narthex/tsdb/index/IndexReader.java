package org.narthex.tsdb.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;

/**
 * Reads an index file of version 1, 2 or 3, after {@code tsdb/docs/format/index.md}; big-endian throughout, checksums CRC-32C.
 *
 * <pre>
 * be32 0xBAAAD700, byte version
 * symbols    be32 length, be32 count, { str } ascending, be32 CRC
 * series     { zeros to a multiple of 16, uvarint length, body, be32 CRC of body }, ascending by labels
 *   body     uvarint labels, { uvarint name symbol, uvarint value symbol }, uvarint chunks,
 *            first chunk: varint first ms, uvarint last - first, uvarint ref
 *            others:      uvarint first - last of the one before, uvarint last - first, varint ref - ref before
 * postings   { zeros to a multiple of 4, be32 length, be32 count, { be32 series }, be32 CRC }
 * table      be32 length, be32 count, { uvarint 2, str name, str value, uvarint offset }, be32 CRC; ascending, ("","") = all series
 * TOC        be64 offsets of symbols, series, label indices, label offset table, postings, table; be32 CRC
 * </pre>
 *
 * <p>A symbol's number is its ordinal, in version 1 its file offset; a series' number is its offset divided by 16, in version 1 the offset itself.
 * Every 32nd symbol and table entry is remembered, the rest is found from there. Thread-safe.
 */
public final class IndexReader {
    static final int MAGIC = 0xBAAAD700;
    static final int HEADER = 5;
    static final int TOC = 6 * 8 + 4;
    private static final int STEP = 32;

    private final String file;
    private final ByteBuffer bytes;
    private final int version;
    private final int symbolsEnd;
    private final int symbolCount;
    private final int[] symbolOffsets;
    private final Map<String, Values> names = new HashMap<>();
    private final int tableEnd;
    private int allPostings = -1;

    /** The table's entries of one label name: the offset of every 32nd, or in version 1, whose table is not sorted, of all. */
    private static final class Values {
        private int[] offsets = new int[1];
        private int count;
        private TreeMap<String, Integer> unsorted;
    }

    /** Maps the file and reads its tables. */
    public IndexReader(Path path) throws IOException {
        file = path.toString();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new IOException(path + ": an index of " + size + " bytes is more than this version reads");
            }
            if (size < HEADER + TOC) {
                throw new CorruptionException(file, 0, "too short for an index: " + size + " bytes");
            }
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
        Decbuf header = at(0, HEADER);
        if (header.be32() != MAGIC) {
            throw new CorruptionException(file, 0, "not an index: wrong magic number");
        }
        version = header.u8();
        if (version < 1 || version > 3) {
            throw new CorruptionException(file, 4, "unknown index version " + version);
        }
        Decbuf toc = at(bytes.capacity() - TOC, bytes.capacity());
        toc.checkTrailingCrc();
        int symbols = offset(toc);
        toc.skip(4 * 8);
        int table = offset(toc);
        Decbuf in = section(symbols);
        symbolCount = in.size32();
        symbolOffsets = new int[symbolCount / STEP + 1];
        for (int i = 0; i < symbolCount; i++) {
            if (i % STEP == 0) {
                symbolOffsets[i / STEP] = in.position();
            }
            in.skipStr();
        }
        symbolsEnd = in.position();
        Decbuf entries = section(table);
        readTable(entries);
        tableEnd = entries.position();
    }

    private int offset(Decbuf toc) throws CorruptionException {
        long offset = toc.be64();
        if (offset < HEADER || offset > bytes.capacity() - TOC) {
            throw toc.corrupt("offset " + offset + " lies outside of the file");
        }
        return (int) offset;
    }

    private Decbuf at(int start, int end) {
        return new Decbuf(file, bytes, start, end);
    }

    /** What follows a length, checked. */
    private Decbuf section(int start) throws CorruptionException {
        Decbuf head = at(start, bytes.capacity());
        int length = head.size32();
        if (head.remaining() - 4 < length) {
            throw head.corrupt("a section of " + length + " bytes does not fit into the file");
        }
        Decbuf section = at(start + 4, start + 4 + length + 4);
        section.checkTrailingCrc();
        return section;
    }

    private void readTable(Decbuf in) throws CorruptionException {
        int count = in.size32();
        String name = null;
        Values values = null;
        for (int i = 0; i < count; i++) {
            int position = in.position();
            if (in.size() != 2) {
                throw in.corrupt("a postings table entry must have two parts");
            }
            String own = in.str();
            if (own.isEmpty()) {
                in.skipStr();
                allPostings = postingsOffset(in);
                continue;
            }
            if (!own.equals(name)) {
                name = own;
                values = names.computeIfAbsent(name, n -> new Values());
            }
            if (version == 1) {
                String value = in.str();
                int postings = postingsOffset(in);
                if (values.unsorted == null) {
                    values.unsorted = new TreeMap<>(Labels.UTF8_ORDER);
                }
                values.unsorted.put(value, postings);
                values.count++;
            } else {
                if (values.count % STEP == 0) {
                    if (values.count / STEP == values.offsets.length) {
                        values.offsets = Arrays.copyOf(values.offsets, values.offsets.length * 2);
                    }
                    values.offsets[values.count / STEP] = position;
                }
                values.count++;
                in.skipStr();
                in.uvarint();
            }
        }
    }

    private int postingsOffset(Decbuf in) throws CorruptionException {
        long offset = in.uvarint();
        if (offset < HEADER || offset > bytes.capacity() - TOC) {
            throw in.corrupt("postings at " + offset + " lie outside of the file");
        }
        return (int) offset;
    }

    public int version() {
        return version;
    }

    /** The label names, in no order. */
    public Iterable<String> labelNames() {
        return names.keySet();
    }

    /** Takes a label value and where its postings are. */
    @FunctionalInterface
    public interface ValueSink {
        void value(String value, int postings) throws IOException;
    }

    /** Gives all values of a label, ascending. */
    public void values(String name, ValueSink sink) throws IOException {
        Values values = names.get(name);
        if (values == null) {
            return;
        }
        if (values.unsorted != null) {
            for (Map.Entry<String, Integer> entry : values.unsorted.entrySet()) {
                sink.value(entry.getKey(), entry.getValue());
            }
            return;
        }
        Decbuf in = at(values.offsets[0], tableEnd);
        for (int i = 0; i < values.count; i++) {
            in.size();
            in.skipStr();
            String value = in.str();
            sink.value(value, postingsOffset(in));
        }
    }

    /** Where the postings of a pair are, or -1 if the index does not have it. */
    public int find(String name, String value) throws IOException {
        Values values = names.get(name);
        if (values == null) {
            return -1;
        }
        if (values.unsorted != null) {
            return values.unsorted.getOrDefault(value, -1);
        }
        int low = 0;
        int high = (values.count - 1) / STEP;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            Decbuf in = at(values.offsets[middle], tableEnd);
            in.size();
            in.skipStr();
            if (Labels.UTF8_ORDER.compare(in.str(), value) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Decbuf in = at(values.offsets[low], tableEnd);
        for (int i = low * STEP; i < Math.min(values.count, (low + 1) * STEP); i++) {
            in.size();
            in.skipStr();
            int c = Labels.UTF8_ORDER.compare(in.str(), value);
            if (c == 0) {
                return postingsOffset(in);
            }
            if (c > 0) {
                return -1;
            }
            in.uvarint();
        }
        return -1;
    }

    /** Reads postings: the numbers of series, ascending. */
    public int[] postings(int offset) throws IOException {
        Decbuf in = section(offset);
        int count = in.size32();
        if (count > in.remaining() / 4) {
            throw in.corrupt(count + " postings do not fit into " + in.remaining() + " bytes");
        }
        int[] series = new int[count];
        for (int i = 0; i < count; i++) {
            series[i] = in.be32();
        }
        return series;
    }

    /** All series, ascending. */
    public int[] allPostings() throws IOException {
        return allPostings < 0 ? new int[0] : postings(allPostings);
    }

    /** Reads a series, its labels through the cache of symbols of the caller. */
    public SeriesEntry series(int number, Map<Integer, String> symbols) throws IOException {
        long offset = version == 1 ? Integer.toUnsignedLong(number) : Integer.toUnsignedLong(number) * 16;
        if (offset < HEADER || offset > bytes.capacity() - TOC) {
            throw new CorruptionException(file, offset, "series lies outside of the file");
        }
        Decbuf head = at((int) offset, bytes.capacity());
        int length = head.size();
        if (head.remaining() - 4 < length) {
            throw head.corrupt("a series of " + length + " bytes does not fit into the file");
        }
        Decbuf in = at(head.position(), head.position() + length + 4);
        in.checkTrailingCrc();
        int count = in.size();
        if (count > in.remaining()) {
            throw in.corrupt(count + " labels do not fit into " + in.remaining() + " bytes");
        }
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < count; i++) {
            String name = symbol(in.size(), symbols);
            labels.set(name, symbol(in.size(), symbols));
        }
        return new SeriesEntry(labels.build(), chunks(in));
    }

    private static long[] chunks(Decbuf in) throws CorruptionException {
        int count = in.size();
        if (count > in.remaining()) {
            throw in.corrupt(count + " chunks do not fit into " + in.remaining() + " bytes");
        }
        long[] chunks = new long[3 * count];
        for (int i = 0; i < count; i++) {
            long first = i == 0 ? in.varint() : chunks[3 * i - 2] + in.uvarint();
            chunks[3 * i] = first;
            chunks[3 * i + 1] = first + in.uvarint();
            chunks[3 * i + 2] = i == 0 ? in.uvarint() : chunks[3 * i - 1] + in.varint();
        }
        return chunks;
    }

    private String symbol(int number, Map<Integer, String> cache) throws CorruptionException {
        String known = cache.get(number);
        if (known == null) {
            known = symbol(number);
            cache.put(number, known);
        }
        return known;
    }

    private String symbol(int number) throws CorruptionException {
        if (version == 1) {
            return at(number, symbolsEnd).str();
        }
        if (number >= symbolCount) {
            throw new CorruptionException(file, 0, "symbol " + number + " of " + symbolCount);
        }
        Decbuf in = at(symbolOffsets[number / STEP], symbolsEnd);
        for (int i = 0; i < number % STEP; i++) {
            in.skipStr();
        }
        return in.str();
    }

    /** All symbols, ascending. */
    public List<String> symbols() throws IOException {
        List<String> symbols = new ArrayList<>();
        Decbuf in = at(symbolOffsets[0], symbolsEnd);
        for (int i = 0; i < symbolCount; i++) {
            symbols.add(in.str());
        }
        return symbols;
    }
}
