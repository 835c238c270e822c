package org.narthex.tsdb.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;
import org.narthex.tsdb.encoding.MappedFile;

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
 * Lengths are unsigned. Thread-safe.
 */
public final class IndexReader {
    static final int MAGIC = 0xBAAAD700;
    static final int HEADER = 5;
    static final int TOC = 6 * 8 + 4;

    private final MappedFile file;
    private final int version;
    private final SymbolTable symbols;
    private final ValueTable table;

    /** Maps the file and reads its tables. */
    public IndexReader(Path path) throws IOException {
        this(new MappedFile(path, HEADER + TOC));
    }

    IndexReader(MappedFile file) throws IOException {
        this.file = file;
        Decbuf header = file.at(0, HEADER);
        if (header.be32() != MAGIC) {
            throw new CorruptionException(file.name(), 0, "not an index: wrong magic number");
        }
        version = header.u8();
        if (version < 1 || version > 3) {
            throw new CorruptionException(file.name(), 4, "unknown index version " + version);
        }
        file.checkCrc(file.size() - TOC, TOC - 4);
        Decbuf toc = file.at(file.size() - TOC, file.size());
        long symbolSection = offset(toc);
        toc.skip(4 * 8);
        long tableSection = offset(toc);
        symbols = new SymbolTable(file, symbolSection, version == 1);
        table = new ValueTable(file, tableSection, version != 1);
    }

    private long offset(Decbuf toc) throws CorruptionException {
        long offset = toc.be64();
        if (offset < HEADER || offset > file.size() - TOC) {
            throw toc.corrupt("offset " + offset + " lies outside of the file");
        }
        return offset;
    }

    public int version() {
        return version;
    }

    /** Bytes of the file. */
    public long size() {
        return file.size();
    }

    /** The label names, in no order. */
    public Set<String> labelNames() {
        return table.names();
    }

    /** How many values a label has. */
    int valueCount(String name) {
        return table.count(name);
    }

    /** Gives the values of a label that start with the prefix, ascending, until the sink has enough. */
    void values(String name, String prefix, ValueTable.Sink sink) throws IOException {
        table.values(name, prefix, sink);
    }

    /** Where the postings of a pair are, or -1 if the index does not have it. */
    long find(String name, String value) throws IOException {
        return table.find(name, value);
    }

    /** Postings read in place. */
    ListedPostings postings(long offset) throws IOException {
        Decbuf head = file.at(offset, file.size());
        long length = Integer.toUnsignedLong(head.be32());
        int count = head.size32();
        if (count > (length - 4) / 4) {
            throw head.corrupt(count + " postings do not fit into " + length + " bytes");
        }
        file.checkCrc(offset + 4, length);
        return new ListedPostings(file.slice(offset + 8, 4 * count));
    }

    /** All series, ascending, which is the order of their labels. */
    public Postings all() throws IOException {
        return table.all() < 0 ? Postings.EMPTY : postings(table.all());
    }

    /** The number of the last series, or -1 if there is none. */
    public long lastSeries() throws IOException {
        return table.all() < 0 ? -1 : postings(table.all()).last();
    }

    /** The body of a series, checked. */
    private Decbuf body(long number) throws CorruptionException {
        long offset = version == 1 ? number : number * 16;
        if (offset < HEADER || offset > file.size() - TOC) {
            throw new CorruptionException(file.name(), offset, "series lies outside of the file");
        }
        Decbuf head = file.at(offset, file.size());
        int length = head.size();
        if (head.remaining() - 4 < length) {
            throw head.corrupt("a series of " + length + " bytes does not fit into the file");
        }
        Decbuf in = file.at(head.offset(), head.offset() + length + 4);
        in.checkTrailingCrc();
        return in;
    }

    private static int labelCount(Decbuf in) throws CorruptionException {
        int count = in.size();
        if (count > in.remaining() / 2) {
            throw in.corrupt(count + " labels do not fit into " + in.remaining() + " bytes");
        }
        return count;
    }

    private static int symbolNumber(Decbuf in) throws CorruptionException {
        long number = in.uvarint();
        if (number >>> 32 != 0) {
            throw in.corrupt("symbol " + Long.toUnsignedString(number) + " is beyond what can be");
        }
        return (int) number;
    }

    /** Reads a series. */
    public SeriesEntry series(long number) throws IOException {
        Decbuf in = body(number);
        Labels labels = labels(in);
        return new SeriesEntry(labels, chunks(in));
    }

    /** Reads the labels of a series. */
    public Labels labels(long number) throws IOException {
        return labels(body(number));
    }

    private Labels labels(Decbuf in) throws CorruptionException {
        int count = labelCount(in);
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < count; i++) {
            String name = symbols.get(symbolNumber(in));
            labels.set(name, symbols.get(symbolNumber(in)));
        }
        return labels.build();
    }

    /** Reads a series' labels as numbers of symbols: name, value, name, value, …; its chunks are {@code chunks}. */
    SymbolSeries symbolSeries(long number) throws IOException {
        Decbuf in = body(number);
        int[] labels = new int[2 * labelCount(in)];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = symbolNumber(in);
        }
        return new SymbolSeries(labels, chunks(in));
    }

    /** A series as the file has it. */
    static final class SymbolSeries {
        /** Numbers of symbols. */
        final int[] labels;
        /** As in {@link SeriesEntry}. */
        final long[] chunks;

        SymbolSeries(int[] labels, long[] chunks) {
            this.labels = labels;
            this.chunks = chunks;
        }
    }

    private static long[] chunks(Decbuf in) throws CorruptionException {
        int count = in.size();
        if (count > in.remaining() / 3) {
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

    CorruptionException corrupt(String why) {
        return new CorruptionException(file.name(), 0, why);
    }

    String symbol(int number) throws IOException {
        return symbols.get(number);
    }

    SymbolTable symbols() {
        return symbols;
    }
}
