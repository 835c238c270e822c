package org.narthex.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;

/** The storage of one test and short ways to fill and read it. Samples are compared as text, which shows in a failure what differs. */
final class StorageProbe {
    static final long T0 = 1_700_000_000_000L;
    static final long SEED = 20231114;

    private final StorageContract contract;
    private final Path folder;
    private Path data;
    private long outOfOrderWindowMs;
    private Storage storage;

    /**
     * @param folder for whatever the test keeps
     * @param data within it, what the storage is opened on
     */
    StorageProbe(StorageContract contract, Path folder, Path data) {
        this.contract = contract;
        this.folder = folder;
        this.data = data;
    }

    void open() throws Exception {
        storage = outOfOrderWindowMs == 0 ? contract.open(data) : contract.open(data, outOfOrderWindowMs);
    }

    void close() throws Exception {
        if (storage != null) {
            Storage open = storage;
            storage = null;
            contract.close(open);
        }
    }

    /** Closes the storage and opens it again on what it left. */
    void reopen() throws Exception {
        close();
        open();
    }

    /** Goes on with another, empty storage that takes samples out of order; skips the test if there is none. */
    void openWithWindow(long windowMs) throws Exception {
        close();
        data = folder.resolve("window");
        outOfOrderWindowMs = windowMs;
        open();
    }

    StorageContract contract() {
        return contract;
    }

    Path folder() {
        return folder;
    }

    Storage storage() {
        return storage;
    }

    List<AppendResult> append(Labels labels, double... timesAndValues) throws IOException {
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            batch.add(labels, (long) timesAndValues[i], timesAndValues[i + 1]);
        }
        storage.append(batch);
        return results(batch);
    }

    AppendResult append(Labels labels, long timestampMs, Histogram histogram) throws IOException {
        SampleBatch batch = new SampleBatch();
        batch.add(labels, SampleBatch.NO_REF, timestampMs, histogram);
        storage.append(batch);
        return batch.result(0);
    }

    static List<AppendResult> results(SampleBatch batch) {
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            results.add(batch.result(i));
        }
        return results;
    }

    List<Labels> select(long from, long to, Matcher... matchers) throws IOException {
        List<Labels> found = new ArrayList<>();
        try (Querier querier = storage.querier(from, to)) {
            SeriesSet set = querier.select(List.of(matchers));
            for (int i = 0; i < set.size(); i++) {
                found.add(set.labels(i));
            }
        }
        return found;
    }

    /** The samples of exactly this series; none if it is not selected. */
    SampleBuffer read(Labels series, long from, long to) throws IOException {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            matchers.add(Matcher.equal(series.name(i), series.value(i)));
        }
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = storage.querier(from, to)) {
            SeriesSet set = querier.select(matchers);
            for (int i = 0; i < set.size(); i++) {
                if (set.labels(i).equals(series)) {
                    set.read(i, from, to, buffer);
                }
            }
        }
        return buffer;
    }

    String samples(Labels series) throws IOException {
        return text(read(series, T0 - 3_600_000, T0 + 7_200_000));
    }

    static String text(SampleBuffer buffer) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < buffer.size(); i++) {
            Histogram histogram = buffer.histogram(i);
            if (histogram == null) {
                append(out, buffer.timestampsMs()[i], buffer.values()[i]);
            } else {
                out.append(text(buffer.timestampsMs()[i], histogram));
            }
        }
        return out.toString();
    }

    /** The histogram without its hint and without empty buckets, which a storage may add or leave out. */
    static String text(long timestampMs, Histogram histogram) {
        return HistogramKind.text(histogram) + '@' + (timestampMs - T0) + ' ';
    }

    static String text(Map<Long, Double> samples) {
        StringBuilder out = new StringBuilder();
        samples.forEach((t, v) -> append(out, t, v));
        return out.toString();
    }

    static String text(double... timesAndValues) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            append(out, (long) timesAndValues[i], timesAndValues[i + 1]);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, long t, double v) {
        out.append(v).append('@').append(t - T0).append(' ');
    }
}
