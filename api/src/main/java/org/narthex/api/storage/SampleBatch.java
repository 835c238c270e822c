package org.narthex.api.storage;

import java.util.Arrays;

import org.narthex.api.model.Labels;

/**
 * Samples on their way into a {@link Storage}, as columns: sample {@code i} is {@code labels(i)}, {@code timestampMs(i)},
 * {@code value(i)}. One scrape, one rule evaluation or one remote-write request is one batch. Made to be filled, appended,
 * {@linkplain #clear() cleared} and filled again without allocating. Not thread-safe; the storage uses it only during
 * {@link Storage#append}.
 */
public final class SampleBatch {
    /** The reference of a series that has none yet. */
    public static final long NO_REF = 0;

    private Labels[] labels;
    private long[] refs;
    private long[] timestampsMs;
    private double[] values;
    private AppendResult[] results;
    private int size;

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
     * @param series the labels of the series, always needed: a storage may have forgotten the reference
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

    private void grow(int capacity) {
        labels = Arrays.copyOf(labels, capacity);
        refs = Arrays.copyOf(refs, capacity);
        timestampsMs = Arrays.copyOf(timestampsMs, capacity);
        values = Arrays.copyOf(values, capacity);
        results = Arrays.copyOf(results, capacity);
    }

    public int size() {
        return size;
    }

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

    public double value(int i) {
        return values[i];
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
        size = 0;
    }

    /** A copy of the present samples, without references; the hand-over queue keeps such copies. */
    public SampleBatch copy() {
        SampleBatch copy = new SampleBatch(size);
        for (int i = 0; i < size; i++) {
            copy.add(labels[i], NO_REF, timestampsMs[i], values[i]);
        }
        return copy;
    }
}
