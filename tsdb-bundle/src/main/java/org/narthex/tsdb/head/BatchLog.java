package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Metadata;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.wal.WalEncoder;
import org.narthex.tsdb.wal.WalRecord;
import org.narthex.tsdb.wal.WalWriter;

/** Writes what a batch brings to the write-ahead log: new series, samples, exemplars, metadata. Guarded by the head's lock. */
final class BatchLog {
    private final Head head;
    private final SeriesTable series;
    private final WalEncoder record = new WalEncoder();
    /** Series that are in memory and not yet in the log. */
    private int[] undescribed = new int[16];

    private int undescribedCount;
    private final List<SampleBatch.ExemplarEntry> exemplars = new ArrayList<>();
    private final List<NewMetadata> metadata = new ArrayList<>();

    private record NewMetadata(int slot, Metadata metadata) {}

    BatchLog(Head head) {
        this.head = head;
        this.series = head.series;
    }

    /** Notes a new series: its labels go to the log before its samples. */
    void mustDescribe(int slot) {
        if (undescribedCount == undescribed.length) {
            undescribed = Arrays.copyOf(undescribed, 2 * undescribedCount);
        }
        undescribed[undescribedCount++] = slot;
    }

    boolean isToBeDescribed(int slot) {
        for (int i = 0; i < undescribedCount; i++) {
            if (undescribed[i] == slot) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes and flushes the log. When it fails, nothing of the batch is in it.
     *
     * @param slots per sample its series' slot, or -1 if it is not accepted
     * @param isOutOfOrder per sample whether it is in the other log already
     * @param histograms per sample the histogram it is; null if there are none
     */
    void write(
            SampleBatch batch,
            int[] slots,
            boolean[] isOutOfOrder,
            Histogram[] histograms,
            AppendRules rules,
            Logs logs)
            throws IOException {
        WalWriter wal = logs.wal();
        judgeExemplars(batch, rules);
        judgeMetadata(batch);
        if (undescribedCount > 0) {
            record.start(WalRecord.SERIES);
            for (int i = 0; i < undescribedCount; i++) {
                SeriesPage page = series.page(undescribed[i]);
                int at = SeriesTable.index(undescribed[i]);
                record.series(page.ref[at], head.pairs.labels(page.labels[at]));
            }
            wal.add(record.bytes(), record.size());
        }
        floats(batch, slots, isOutOfOrder, histograms, wal);
        if (histograms != null) {
            histograms(batch, slots, isOutOfOrder, histograms, wal);
        }
        exemplarsAndMetadata(wal);
        wal.flush();
        undescribedCount = 0;
    }

    private void floats(SampleBatch batch, int[] slots, boolean[] isOutOfOrder, Histogram[] histograms, WalWriter wal)
            throws IOException {
        boolean withStart = head.keepsStartTimestamps() && batch.hasStartTimestamps();
        record.start(WalEncoder.typeOf(null, withStart));
        for (int i = 0; i < batch.size(); i++) {
            if (slots[i] >= 0 && !isOutOfOrder[i] && (histograms == null || histograms[i] == null)) {
                record.sample(
                        series.refOf(slots[i]),
                        batch.timestampMs(i),
                        withStart ? batch.startTimestampMs(i) : 0,
                        Double.doubleToRawLongBits(batch.value(i)));
            }
        }
        put(wal);
    }

    private void histograms(
            SampleBatch batch, int[] slots, boolean[] isOutOfOrder, Histogram[] histograms, WalWriter wal)
            throws IOException {
        boolean withStart = head.keepsStartTimestamps() && batch.hasStartTimestamps();
        int type = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (slots[i] >= 0 && !isOutOfOrder[i] && histograms[i] != null) {
                int own = WalEncoder.typeOf(histograms[i], withStart);
                if (own != type) {
                    if (type != 0) {
                        put(wal);
                    }
                    record.start(own);
                    type = own;
                }
                record.histogram(
                        series.refOf(slots[i]), batch.timestampMs(i), batch.startTimestampMs(i), histograms[i]);
            }
        }
        if (type != 0) {
            put(wal);
        }
    }

    private void put(WalWriter wal) throws IOException {
        if (record.entries() > 0) {
            wal.add(record.bytes(), record.size());
        }
    }

    private void judgeExemplars(SampleBatch batch, AppendRules rules) {
        exemplars.clear();
        for (SampleBatch.ExemplarEntry entry : batch.exemplars()) {
            int slot = series.find(entry.series());
            AppendResult result = slot == SeriesTable.NONE
                    ? AppendResult.UNKNOWN_REF
                    : head.exemplars().judge(entry.series(), entry.exemplar(), rules.outOfOrderWindowMs());
            if (result == AppendResult.PENDING) {
                exemplars.add(entry);
                entry.result(AppendResult.OK);
            } else {
                entry.result(result);
            }
        }
    }

    private void judgeMetadata(SampleBatch batch) {
        metadata.clear();
        for (SampleBatch.MetadataEntry entry : batch.metadata()) {
            int slot = series.find(entry.series());
            if (slot != SeriesTable.NONE
                    && !entry.metadata().equals(head.metadata().get(slot))) {
                metadata.add(new NewMetadata(slot, entry.metadata()));
            }
        }
    }

    private void exemplarsAndMetadata(WalWriter wal) throws IOException {
        if (!exemplars.isEmpty()) {
            record.start(WalRecord.EXEMPLARS);
            for (SampleBatch.ExemplarEntry entry : exemplars) {
                record.exemplar(series.refOf(series.find(entry.series())), entry.exemplar());
            }
            put(wal);
        }
        if (!metadata.isEmpty()) {
            record.start(WalRecord.METADATA);
            for (NewMetadata entry : metadata) {
                record.metadata(series.refOf(entry.slot()), entry.metadata());
            }
            put(wal);
        }
    }

    /** After the log was written: what it has of exemplars and metadata is shown from now on. */
    void keepExemplarsAndMetadata() {
        for (SampleBatch.ExemplarEntry entry : exemplars) {
            head.exemplars().add(entry.series(), entry.exemplar());
        }
        for (NewMetadata entry : metadata) {
            head.metadata().put(entry.slot(), entry.metadata());
        }
        exemplars.clear();
        metadata.clear();
    }
}
