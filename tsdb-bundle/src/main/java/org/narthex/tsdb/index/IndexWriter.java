package org.narthex.tsdb.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

import org.narthex.tsdb.encoding.Encbuf;
import org.narthex.tsdb.encoding.MappedFile;

/**
 * Writes an index of version 2; the layout is at {@link IndexReader}. Series are added in the order of their labels, then {@link #finish} writes the
 * rest. Strings and series go to the file at once; in memory is what {@link PairPostings} takes. Not thread-safe.
 */
public final class IndexWriter implements Closeable {
    private static final int VERSION = 2;
    private static final int SERIES_ALIGNMENT = 16;
    /** Series numbers are 32 bits of 16-byte steps. */
    private static final long MAX_BYTES = SERIES_ALIGNMENT * ((1L << 32) - 1);

    private final Path path;
    private final IndexOutput out;
    private final Encbuf body = new Encbuf(1024);
    private final PairPostings postings = new PairPostings();
    private final int symbolCount;
    private final long seriesStart;
    private int[] last = {};

    public IndexWriter(Path path, SymbolSource symbols) throws IOException {
        this.path = path;
        symbolCount = symbols.count();
        out = new IndexOutput(path);
        out.buffer().be32(IndexReader.MAGIC);
        out.buffer().u8(VERSION);
        out.begin();
        out.buffer().be32(symbolCount);
        symbols.forEach(utf8 -> {
            string(out.buffer(), utf8);
            out.flushIfFull();
        });
        out.end();
        out.flush();
        seriesStart = out.position();
    }

    private static void string(Encbuf into, byte[] utf8) {
        into.uvarint(utf8.length);
        into.raw(utf8, 0, utf8.length);
    }

    /**
     * Adds a series that has at least one chunk.
     *
     * @param labels numbers of symbols, by their order: name, value, name, value, …
     * @param chunks as in {@link SeriesEntry}
     */
    public void add(int[] labels, int labelCount, long[] chunks, int chunkCount) throws IOException {
        if (postings.seriesCount() > 0 && Arrays.compare(last, 0, last.length, labels, 0, 2 * labelCount) >= 0) {
            throw new IllegalArgumentException("series out of order: " + Arrays.toString(labels) + " after "
                    + Arrays.toString(last) + " of " + symbolCount + " symbols");
        }
        last = Arrays.copyOf(labels, 2 * labelCount);
        out.align(SERIES_ALIGNMENT);
        if (out.position() > MAX_BYTES) {
            throw new IOException(path + ": an index cannot be longer than " + MAX_BYTES + " bytes");
        }
        postings.add((int) (out.position() / SERIES_ALIGNMENT), labels, 2 * labelCount);
        body.clear();
        body.uvarint(labelCount);
        for (int i = 0; i < 2 * labelCount; i++) {
            body.uvarint(labels[i]);
        }
        body.uvarint(chunkCount);
        for (int i = 0; i < 3 * chunkCount; i += 3) {
            if (i == 0) {
                body.varint(chunks[0]);
            } else {
                body.uvarint(chunks[i] - chunks[i - 2]);
            }
            body.uvarint(chunks[i + 1] - chunks[i]);
            if (i == 0) {
                body.uvarint(chunks[2]);
            } else {
                body.varint(chunks[i + 2] - chunks[i - 1]);
            }
        }
        Encbuf buffer = out.buffer();
        buffer.uvarint(body.size());
        int start = buffer.size();
        buffer.raw(body.bytes(), 0, body.size());
        buffer.crcFrom(start);
        out.flushIfFull();
    }

    /** Writes postings, table and table of contents, and forces the file to disk. */
    public void finish() throws IOException {
        long seriesEnd = out.position();
        out.align(4);
        long postingsStart = out.position();
        writeAll();
        int[] order = postings.order();
        postings.forEach(order, this::write);
        out.flush();
        long tableStart = out.position();
        writeTable(order, postingsStart);
        Encbuf buffer = out.buffer();
        int toc = buffer.size();
        buffer.be64(IndexReader.HEADER);
        buffer.be64(seriesStart);
        buffer.be64(seriesEnd);
        buffer.be64(tableStart);
        buffer.be64(postingsStart);
        buffer.be64(tableStart);
        buffer.crcFrom(toc);
        out.flush();
        if (out.position() > MAX_BYTES) {
            throw new IOException(path + ": an index cannot be longer than " + MAX_BYTES + " bytes");
        }
        out.force();
    }

    private void writeAll() throws IOException {
        out.begin();
        out.buffer().be32((int) postings.seriesCount());
        for (long i = 0; i < postings.seriesCount(); i++) {
            out.buffer().be32(postings.series(i));
            out.flushIfFull();
        }
        out.end();
    }

    private void write(int[] refs, int from, int to) throws IOException {
        out.begin();
        out.buffer().be32(to - from);
        for (int i = from; i < to; i++) {
            out.buffer().be32(refs[i]);
        }
        out.end();
    }

    /** Postings have a length before, a checksum behind and a count within. */
    private static long postingsBytes(long count) {
        return 12 + 4 * count;
    }

    private void writeTable(int[] order, long postingsStart) throws IOException {
        // The strings are in the file already.
        SymbolTable symbols = new SymbolTable(new MappedFile(path, IndexReader.HEADER), IndexReader.HEADER, false);
        out.begin();
        out.buffer().be32(order.length + 1);
        entry(new byte[0], new byte[0], postingsStart);
        long offset = postingsStart + postingsBytes(postings.seriesCount());
        for (int pair : order) {
            entry(symbols.bytes(postings.name(pair)), symbols.bytes(postings.value(pair)), offset);
            offset += postingsBytes(postings.count(pair));
            out.flushIfFull();
        }
        out.end();
    }

    private void entry(byte[] name, byte[] value, long offset) {
        out.buffer().uvarint(2);
        string(out.buffer(), name);
        string(out.buffer(), value);
        out.buffer().uvarint(offset);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
