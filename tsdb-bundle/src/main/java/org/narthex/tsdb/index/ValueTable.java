package org.narthex.tsdb.index;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;
import org.narthex.tsdb.encoding.MappedFile;

/**
 * The postings offset table of an index: label names, their values, and where the postings of each are. Every 32nd entry of a name is remembered,
 * the rest is found from there. Thread-safe.
 */
final class ValueTable {
    private static final int STEP = 32;

    private final MappedFile file;
    private final long start;
    private final long end;
    private final Map<String, Values> names = new HashMap<>();
    private long all = -1;

    /** The entries of one label name: every 32nd, or in version 1, whose table is not sorted, all. */
    private static final class Values {
        /** Counted from the table's start, unsigned. */
        private int[] every32nd = new int[1];

        private int count;
        private TreeMap<String, Long> unsorted;
    }

    /** Takes a label value and where its postings are. */
    @FunctionalInterface
    interface Sink {
        /** @return whether to go on */
        boolean value(String value, long postings) throws IOException;
    }

    ValueTable(MappedFile file, long section, boolean isSorted) throws CorruptionException {
        this.file = file;
        Decbuf in = file.at(section, file.size());
        long length = Integer.toUnsignedLong(in.be32());
        file.checkCrc(section + 4, length);
        int count = in.size32();
        start = section + 8;
        end = section + 4 + length;
        in = file.at(start, end);
        byte[] name = {};
        Values values = null;
        for (int i = 0; i < count; i++) {
            in = file.follow(in, end);
            int position = (int) (in.offset() - start);
            parts(in);
            if (values == null || !in.skipStr(name)) {
                name = in.strBytes();
                values = name.length == 0
                        ? new Values()
                        : names.computeIfAbsent(new String(name, StandardCharsets.UTF_8), n -> new Values());
            }
            if (name.length == 0) {
                in.skipStr();
                all = offset(in);
            } else if (isSorted) {
                in.skipStr();
                in.uvarint();
                note(values, position);
            } else {
                if (values.unsorted == null) {
                    values.unsorted = new TreeMap<>(Labels.UTF8_ORDER);
                }
                values.unsorted.put(in.str(), offset(in));
                values.count++;
            }
        }
    }

    private static void note(Values values, int position) {
        if (values.count % STEP == 0) {
            if (values.count / STEP == values.every32nd.length) {
                values.every32nd = Arrays.copyOf(values.every32nd, values.every32nd.length * 2);
            }
            values.every32nd[values.count / STEP] = position;
        }
        values.count++;
    }

    private static void parts(Decbuf in) throws CorruptionException {
        if (in.size() != 2) {
            throw in.corrupt("a postings table entry must have two parts");
        }
    }

    private long offset(Decbuf in) throws CorruptionException {
        long offset = in.uvarint();
        if (offset < IndexReader.HEADER || offset > file.size() - IndexReader.TOC) {
            throw in.corrupt("postings at " + offset + " lie outside of the file");
        }
        return offset;
    }

    Set<String> names() {
        return names.keySet();
    }

    /** How many values a label has. */
    int count(String name) {
        Values values = names.get(name);
        return values == null ? 0 : values.count;
    }

    /** Where the postings of all series are; -1 if there are none. */
    long all() {
        return all;
    }

    private Decbuf entry(Values values, int step) throws CorruptionException {
        return file.at(start + Integer.toUnsignedLong(values.every32nd[step]), end);
    }

    /** The last remembered entry whose value is not above the given one, or the first. */
    private int stepBefore(Values values, String value) throws CorruptionException {
        int low = 0;
        int high = (values.count - 1) / STEP;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            Decbuf in = entry(values, middle);
            parts(in);
            in.skipStr();
            if (Labels.UTF8_ORDER.compare(in.str(), value) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Gives the values of a label that start with the prefix, ascending, until the sink has enough. */
    void values(String name, String prefix, Sink sink) throws IOException {
        Values values = names.get(name);
        if (values == null) {
            return;
        }
        if (values.unsorted != null) {
            for (Map.Entry<String, Long> entry :
                    values.unsorted.tailMap(prefix, true).entrySet()) {
                if (!entry.getKey().startsWith(prefix) || !sink.value(entry.getKey(), entry.getValue())) {
                    return;
                }
            }
            return;
        }
        int step = prefix.isEmpty() ? 0 : stepBefore(values, prefix);
        Decbuf in = entry(values, step);
        for (int i = step * STEP; i < values.count; i++) {
            in = file.follow(in, end);
            parts(in);
            in.skipStr();
            String value = in.str();
            long postings = offset(in);
            if (value.startsWith(prefix)) {
                if (!sink.value(value, postings)) {
                    return;
                }
            } else if (Labels.UTF8_ORDER.compare(value, prefix) > 0) {
                return;
            }
        }
    }

    /** Where the postings of a pair are, or -1 if the index does not have it. */
    long find(String name, String value) throws IOException {
        Values values = names.get(name);
        if (values == null) {
            return -1;
        }
        if (values.unsorted != null) {
            return values.unsorted.getOrDefault(value, -1L);
        }
        int step = stepBefore(values, value);
        Decbuf in = entry(values, step);
        byte[] wanted = value.getBytes(StandardCharsets.UTF_8);
        for (int i = step * STEP; i < Math.min(values.count, (step + 1) * STEP); i++) {
            parts(in);
            in.skipStr();
            if (in.skipStr(wanted)) {
                return offset(in);
            }
            in.skipStr();
            in.uvarint();
        }
        return -1;
    }
}
