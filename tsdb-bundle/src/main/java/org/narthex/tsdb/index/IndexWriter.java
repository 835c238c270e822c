package org.narthex.tsdb.index;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * Writes an index of version 2; the layout is at {@link IndexReader}. Series are added in the order of their labels, then {@link #finish} writes
 * the rest. Not thread-safe.
 */
public final class IndexWriter implements Closeable {
    private static final int VERSION = 2;
    private static final int SERIES_ALIGNMENT = 16;
    private static final int FLUSH_AT = 1 << 20;
    /** Series numbers are 32 bits of 16-byte steps. */
    private static final long MAX_BYTES = SERIES_ALIGNMENT * ((1L << 32) - 1);

    private final FileOutputStream file;
    private final String path;
    private final Encbuf out = new Encbuf(FLUSH_AT + (FLUSH_AT >> 2));
    private final Encbuf body = new Encbuf(1024);
    private final Map<String, Integer> symbols = new HashMap<>();
    private final SortedMap<String, SortedMap<String, Refs>> postings = new TreeMap<>(Labels.UTF8_ORDER);
    private final Refs all = new Refs();
    private final long seriesStart;
    private long flushed;
    private Labels last = Labels.EMPTY;

    private static final class Refs {
        private int[] refs = new int[1];
        private int count;

        void add(int ref) {
            if (count == refs.length) {
                refs = Arrays.copyOf(refs, 2 * count);
            }
            refs[count++] = ref;
        }
    }

    /** @param names all label names and values of the series to come, in {@link Labels#UTF8_ORDER} */
    public IndexWriter(Path path, SortedSet<String> names) throws IOException {
        this.path = path.toString();
        file = new FileOutputStream(path.toFile());
        out.be32(IndexReader.MAGIC);
        out.u8(VERSION);
        int length = out.size();
        out.be32(0);
        out.be32(names.size());
        int number = 0;
        for (String name : names) {
            symbols.put(name, number++);
            out.str(name);
        }
        closeSection(length);
        flush();
        seriesStart = position();
    }

    private long position() {
        return flushed + out.size();
    }

    /** Fills in the length before the section, and adds the checksum after it. */
    private void closeSection(int lengthAt) {
        out.be32At(lengthAt, out.size() - lengthAt - 4);
        out.crcFrom(lengthAt + 4);
    }

    private void align(int bytes) {
        int over = (int) (position() % bytes);
        if (over > 0) {
            out.zeros(bytes - over);
        }
    }

    private void flush() throws IOException {
        file.write(out.bytes(), 0, out.size());
        flushed += out.size();
        out.clear();
        if (flushed > MAX_BYTES) {
            throw new IOException(path + ": an index cannot be longer than " + MAX_BYTES + " bytes");
        }
    }

    /** Adds a series that has at least one chunk. */
    public void add(SeriesEntry series) throws IOException {
        Labels labels = series.labels();
        if (last.compareTo(labels) >= 0 && all.count > 0) {
            throw new IllegalArgumentException("series out of order: " + labels + " after " + last);
        }
        last = labels;
        align(SERIES_ALIGNMENT);
        int ref = (int) (position() / SERIES_ALIGNMENT);
        body.clear();
        body.uvarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            body.uvarint(symbols.get(labels.name(i)));
            body.uvarint(symbols.get(labels.value(i)));
            postings.computeIfAbsent(labels.name(i), name -> new TreeMap<>(Labels.UTF8_ORDER))
                    .computeIfAbsent(labels.value(i), value -> new Refs())
                    .add(ref);
        }
        all.add(ref);
        body.uvarint(series.chunkCount());
        for (int i = 0; i < series.chunkCount(); i++) {
            if (i == 0) {
                body.varint(series.minTimeMs(0));
            } else {
                body.uvarint(series.minTimeMs(i) - series.maxTimeMs(i - 1));
            }
            body.uvarint(series.maxTimeMs(i) - series.minTimeMs(i));
            if (i == 0) {
                body.uvarint(series.ref(0));
            } else {
                body.varint(series.ref(i) - series.ref(i - 1));
            }
        }
        out.uvarint(body.size());
        int start = out.size();
        out.raw(body.bytes(), 0, body.size());
        out.crcFrom(start);
        if (out.size() > FLUSH_AT) {
            flush();
        }
    }

    /** Writes postings, table and table of contents, and forces the file to disk. */
    public void finish() throws IOException {
        long seriesEnd = position();
        long postingsStart = -1;
        Encbuf table = new Encbuf(1 << 16);
        table.be32(0);
        table.be32(0);
        int entries = 0;
        for (Map.Entry<String, SortedMap<String, Refs>> name : withAll().entrySet()) {
            for (Map.Entry<String, Refs> value : name.getValue().entrySet()) {
                align(4);
                postingsStart = postingsStart < 0 ? position() : postingsStart;
                table.uvarint(2);
                table.str(name.getKey());
                table.str(value.getKey());
                table.uvarint(position());
                entries++;
                write(value.getValue());
            }
        }
        table.be32At(0, table.size() - 4);
        table.be32At(4, entries);
        table.crcFrom(4);
        long tableStart = position();
        out.raw(table.bytes(), 0, table.size());
        int toc = out.size();
        out.be64(IndexReader.HEADER);
        out.be64(seriesStart);
        out.be64(seriesEnd);
        out.be64(tableStart);
        out.be64(postingsStart);
        out.be64(tableStart);
        out.crcFrom(toc);
        flush();
        file.getFD().sync();
    }

    private SortedMap<String, SortedMap<String, Refs>> withAll() {
        TreeMap<String, Refs> first = new TreeMap<>();
        first.put("", all);
        postings.put("", first);
        return postings;
    }

    private void write(Refs refs) throws IOException {
        int length = out.size();
        out.be32(0);
        out.be32(refs.count);
        for (int i = 0; i < refs.count; i++) {
            out.be32(refs.refs[i]);
        }
        closeSection(length);
        if (out.size() > FLUSH_AT) {
            flush();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
