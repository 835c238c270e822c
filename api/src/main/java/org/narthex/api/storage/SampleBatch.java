package org.narthex.api.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;

/**
 * Samples on their way into a {@link Storage}, as columns: sample {@code i} is {@code labels(i)}, {@code timestampMs(i)},
 * {@code value(i)} or {@code histogram(i)}; beside them exemplars and metadata, which are few. One scrape, one rule evaluation or one remote-write
 * request is one batch. Made to be filled, appended, {@linkplain #clear() cleared} and filled again without allocating. Not thread-safe; the
 * storage uses it only during {@link Storage#append}.
 */
public final class SampleBatch {
    /** The reference of a series that has none yet. */
    public static final long NO_REF = 0;

    private Labels[] labels;
    private long[] refs;
    private long[] timestampsMs;
    private double[] values;
    private AppendResult[] results;
    /** Made with the first histogram; null where the sample is a float. */
    private Histogram[] histograms;
    /** Made with the first start timestamp. */
    private long[] startTimestampsMs;

    private final List<ExemplarEntry> exemplars = new ArrayList<>();
    private final List<MetadataEntry> metadata = new ArrayList<>();
    private int size;

    /** An exemplar of a series, and what became of it. Appended after the batch's samples, so that it may belong to a series they make. */
    public static final class ExemplarEntry {
        private final Labels series;
        private final Exemplar exemplar;
        private AppendResult result = AppendResult.PENDING;

        ExemplarEntry(Labels series, Exemplar exemplar) {
            this.series = series;
            this.exemplar = exemplar;
        }

        public Labels series() {
            return series;
        }

        public Exemplar exemplar() {
            return exemplar;
        }

        /** {@link AppendResult#UNKNOWN_REF} if the series has no samples yet. */
        public AppendResult result() {
            return result;
        }

        /** For storages. */
        public void result(AppendResult newResult) {
            result = newResult;
        }
    }

    /** What is said about the family a series belongs to. */
    public record MetadataEntry(Labels series, Metadata metadata) {}

    public SampleBatch() {
        this(64);
    }

    public SampleBatch(int capacity) {
        labels = new Labels[capacity];
        refs = new long[capacity];
        timestampsMs = new long[capacity];
        values = new double[capacity];
        results = new AppendResult[capacity];
    }

    /** Adds a sample of a series not referenced before. */
    public void add(Labels series, long timestampMs, double value) {
        add(series, NO_REF, timestampMs, value);
    }

    /**
     * Adds a sample.
     *
     * @param series the labels of the series; null if there is a reference, and the caller can append the sample again with labels should the result be
     *     {@link AppendResult#UNKNOWN_REF}
     * @param ref what {@link #ref(int)} said after an earlier append to the <em>same</em> storage service, or {@link #NO_REF}
     * @param timestampMs milliseconds since the epoch
     */
    public void add(Labels series, long ref, long timestampMs, double value) {
        if (size == refs.length) {
            grow(Math.max(16, size * 2));
        }
        labels[size] = series;
        refs[size] = ref;
        timestampsMs[size] = timestampMs;
        values[size] = value;
        results[size] = AppendResult.PENDING;
        size++;
    }

    /** Adds a sample that is a histogram; staleness is {@link Histogram#stale}. The parameters are those of {@link #add(Labels, long, long, double)}. */
    public void add(Labels series, long ref, long timestampMs, Histogram histogram) {
        add(series, ref, timestampMs, histogram.sum());
        if (histograms == null) {
            histograms = new Histogram[refs.length];
        }
        histograms[size - 1] = histogram;
    }

    /** Says since when the sample added last has been counting, in milliseconds since the epoch; 0 for unknown. */
    public void startTimestampMs(long startMs) {
        if (startTimestampsMs == null && startMs != 0) {
            startTimestampsMs = new long[refs.length];
        }
        if (startTimestampsMs != null) {
            startTimestampsMs[size - 1] = startMs;
        }
    }

    /** Adds an exemplar of a series. */
    public void addExemplar(Labels series, Exemplar exemplar) {
        exemplars.add(new ExemplarEntry(series, exemplar));
    }

    /** Adds metadata of a series, named by its labels. */
    public void addMetadata(Labels series, Metadata about) {
        metadata.add(new MetadataEntry(series, about));
    }

    private void grow(int capacity) {
        labels = Arrays.copyOf(labels, capacity);
        refs = Arrays.copyOf(refs, capacity);
        timestampsMs = Arrays.copyOf(timestampsMs, capacity);
        values = Arrays.copyOf(values, capacity);
        results = Arrays.copyOf(results, capacity);
        histograms = histograms == null ? null : Arrays.copyOf(histograms, capacity);
        startTimestampsMs = startTimestampsMs == null ? null : Arrays.copyOf(startTimestampsMs, capacity);
    }

    /** Samples, without exemplars and metadata. */
    public int size() {
        return size;
    }

    /** Whether there is nothing to append at all. */
    public boolean isEmpty() {
        return size == 0 && exemplars.isEmpty() && metadata.isEmpty();
    }

    /** Null if the sample came with a reference alone. */
    public Labels labels(int i) {
        return labels[i];
    }

    /** The storage's short name of the series, set by {@link Storage#append}; keep it to make the next append cheaper. */
    public long ref(int i) {
        return refs[i];
    }

    public long timestampMs(int i) {
        return timestampsMs[i];
    }

    /** The value; of a histogram its sum. */
    public double value(int i) {
        return values[i];
    }

    /** Whether any sample is a histogram. */
    public boolean hasHistograms() {
        return histograms != null;
    }

    /** The histogram, or null if the sample is a float. */
    public Histogram histogram(int i) {
        return histograms == null ? null : histograms[i];
    }

    /** Whether any sample has a start timestamp. */
    public boolean hasStartTimestamps() {
        return startTimestampsMs != null;
    }

    /** Since when the sample has been counting, in milliseconds since the epoch; 0 for unknown. */
    public long startTimestampMs(int i) {
        return startTimestampsMs == null ? 0 : startTimestampsMs[i];
    }

    public List<ExemplarEntry> exemplars() {
        return exemplars;
    }

    public List<MetadataEntry> metadata() {
        return metadata;
    }

    public AppendResult result(int i) {
        return results[i];
    }

    /** How many samples ended with the given result. */
    public int count(AppendResult result) {
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (results[i] == result) {
                n++;
            }
        }
        return n;
    }

    /** For storages: notes the series' reference. */
    public void ref(int i, long ref) {
        refs[i] = ref;
    }

    /** For storages: notes what became of the sample. */
    public void result(int i, AppendResult result) {
        results[i] = result;
    }

    /** Forgets all references, since the storage they belong to is gone. */
    public void forgetRefs() {
        Arrays.fill(refs, 0, size, NO_REF);
    }

    public void clear() {
        // Labels would otherwise be kept alive by the unused tail.
        Arrays.fill(labels, 0, size, null);
        histograms = null;
        startTimestampsMs = null;
        exemplars.clear();
        metadata.clear();
        size = 0;
    }

    /** A copy of the present samples, without references; the hand-over queue keeps such copies. */
    public SampleBatch copy() {
        SampleBatch copy = new SampleBatch(size);
        for (int i = 0; i < size; i++) {
            if (histogram(i) != null) {
                copy.add(labels[i], NO_REF, timestampsMs[i], histogram(i));
            } else {
                copy.add(labels[i], NO_REF, timestampsMs[i], values[i]);
            }
            copy.startTimestampMs(startTimestampMs(i));
        }
        for (ExemplarEntry entry : exemplars) {
            copy.addExemplar(entry.series(), entry.exemplar());
        }
        for (MetadataEntry entry : metadata) {
            copy.addMetadata(entry.series(), entry.metadata());
        }
        return copy;
    }
}
