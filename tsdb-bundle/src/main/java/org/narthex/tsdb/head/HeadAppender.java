package org.narthex.tsdb.head;

import java.io.IOException;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;

/**
 * Puts batches into the head. A batch goes through three passes: find the series and judge each sample; write the logs; encode. Only the last one
 * changes samples, so a failed write leaves the head as it was. Guarded by the head's lock.
 */
final class HeadAppender {
    /** Prometheus packs series numbers into five bytes. */
    private static final long MAX_REF = (1L << 40) - 1;

    private final SeriesTable series;
    private final OpenChunks chunks;
    private final OutOfOrder outOfOrder;
    private final BatchLog log;
    private final AppendFigures figures = new AppendFigures();

    /** The batch at work: per sample its series' slot if it is to be added, else -1. */
    private int[] slots = new int[64];
    /** Per sample whether it goes to the out-of-order samples. */
    private boolean[] isOutOfOrder = new boolean[64];
    /** Per sample the histogram it is, where it is not a float; null if the batch has none. */
    private Histogram[] histograms;

    private long lastRef;

    HeadAppender(Head head, OpenChunks chunks, OutOfOrder outOfOrder) {
        this.series = head.series;
        this.chunks = chunks;
        this.outOfOrder = outOfOrder;
        this.log = new BatchLog(head);
    }

    AppendFigures figures() {
        return figures;
    }

    /**
     * Appends as {@link org.narthex.api.storage.Storage#append} says.
     *
     * @param rules what decides about a sample's time
     * @param number of the batch, greater than all before
     */
    void append(SampleBatch batch, AppendRules rules, Logs logs, long number) throws IOException {
        int size = batch.size();
        if (slots.length < size) {
            slots = new int[Math.max(size, 2 * slots.length)];
            isOutOfOrder = new boolean[slots.length];
        }
        histograms = batch.hasHistograms() ? new Histogram[size] : null;
        int late = 0;
        for (int i = 0; i < size; i++) {
            slots[i] = judge(batch, i, rules);
            late += isOutOfOrder[i] ? 1 : 0;
        }
        try {
            if (late > 0) {
                outOfOrder.append(batch, slots, isOutOfOrder, histograms, number, logs);
            }
            log.write(batch, slots, isOutOfOrder, histograms, rules, logs);
            if (late > 0) {
                logs.wbl().keep();
            }
        } catch (IOException | RuntimeException e) {
            logs.discard();
            unmark(size);
            outOfOrder.forget(batch, slots, isOutOfOrder, number);
            throw e;
        }
        int taken = 0;
        for (int i = 0; i < size; i++) {
            if (slots[i] != SeriesTable.NONE && !isOutOfOrder[i]) {
                add(batch, i);
            }
            if (batch.result(i) == AppendResult.OK && batch.histogram(i) == null) {
                taken++;
            } else {
                figures.count(batch.result(i), batch.histogram(i) != null, 1);
            }
        }
        figures.count(AppendResult.OK, false, taken);
        figures.countLate(late);
        unmark(size);
        log.keepExemplarsAndMetadata();
        histograms = null;
    }

    private void add(SampleBatch batch, int i) {
        Histogram histogram = histograms == null ? null : histograms[i];
        if (histogram != null) {
            chunks.add(slots[i], batch.timestampMs(i), batch.startTimestampMs(i), histogram);
        } else {
            chunks.add(
                    slots[i],
                    batch.timestampMs(i),
                    batch.startTimestampMs(i),
                    Double.doubleToRawLongBits(batch.value(i)));
        }
    }

    private void unmark(int size) {
        for (int i = 0; i < size; i++) {
            if (slots[i] != SeriesTable.NONE) {
                series.page(slots[i]).inBatch[SeriesTable.index(slots[i])] = 0;
            }
        }
    }

    /** Sets result and reference; returns the series' slot if the sample is to be added. */
    private int judge(SampleBatch batch, int i, AppendRules rules) {
        isOutOfOrder[i] = false;
        int slot = slotOf(batch.ref(i));
        Labels labels = batch.labels(i);
        if (slot == SeriesTable.NONE) {
            if (labels == null) {
                return refuse(batch, i, AppendResult.UNKNOWN_REF);
            }
            if (labels.isEmpty()) {
                return refuse(batch, i, AppendResult.INVALID_LABELS);
            }
            slot = series.find(labels);
        }
        long t = batch.timestampMs(i);
        AppendResult refused = refusal(batch, i, t, rules);
        if (refused != null) {
            batch.ref(i, slot == SeriesTable.NONE ? SampleBatch.NO_REF : refOf(slot));
            return refuse(batch, i, refused);
        }
        if (slot == SeriesTable.NONE) {
            if (series.size() >= rules.maxSeries()) {
                return refuse(batch, i, AppendResult.SERIES_LIMIT);
            }
            slot = create(labels, ++lastRef);
            log.mustDescribe(slot);
        }
        batch.ref(i, refOf(slot));
        return judgeTime(batch, i, slot, t, rules);
    }

    private static int refuse(SampleBatch batch, int i, AppendResult result) {
        batch.result(i, result);
        return SeriesTable.NONE;
    }

    /** Why a sample is refused whatever its series is, or null. */
    private static AppendResult refusal(SampleBatch batch, int i, long t, AppendRules rules) {
        if ((t < rules.minValidMs() && rules.outOfOrderWindowMs() == 0) || t > rules.maxValidMs()) {
            return AppendResult.OUT_OF_BOUNDS;
        }
        Histogram histogram = batch.histogram(i);
        return histogram != null && histogram.problem().isPresent() ? AppendResult.INVALID_VALUE : null;
    }

    private int judgeTime(SampleBatch batch, int i, int slot, long t, AppendRules rules) {
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        int before = page.inBatch[at] - 1;
        Histogram histogram = histogramOf(batch, i, slot, before);
        long lastT = before >= 0 ? batch.timestampMs(before) : page.lastTimeMs[at];
        if (t >= rules.minValidMs()) {
            if (t > lastT) {
                page.inBatch[at] = i + 1;
                batch.result(i, AppendResult.OK);
                return slot;
            }
            if (t == lastT) {
                boolean same = before >= 0 ? isSame(batch, before, i) : chunks.isLast(slot, batch.value(i), histogram);
                return refuse(batch, i, same ? AppendResult.OK : AppendResult.DUPLICATE);
            }
        }
        if (rules.outOfOrderWindowMs() > 0) {
            if (t >= rules.headMaxMs() - rules.outOfOrderWindowMs()) {
                return judgeLate(batch, i, slot, t, histogram);
            }
            return refuse(batch, i, AppendResult.TOO_OLD);
        }
        return refuse(batch, i, t < rules.minValidMs() ? AppendResult.OUT_OF_BOUNDS : AppendResult.OUT_OF_ORDER);
    }

    private int judgeLate(SampleBatch batch, int i, int slot, long t, Histogram histogram) {
        OutOfOrderSeries late = outOfOrder.of(slot);
        int at = late == null ? -1 : late.find(t);
        if (at >= 0) {
            boolean same = late.isSame(at, batch.value(i), histogram);
            return refuse(batch, i, same ? AppendResult.OK : AppendResult.DUPLICATE);
        }
        isOutOfOrder[i] = true;
        batch.result(i, AppendResult.OK);
        return slot;
    }

    /** The histogram a sample is, or null for a float. The staleness marker of a series of histograms comes as a float and becomes one of them. */
    private Histogram histogramOf(SampleBatch batch, int i, int slot, int before) {
        Histogram own = batch.histogram(i);
        if (own == null && StaleNaN.is(batch.value(i))) {
            Histogram last =
                    before >= 0 ? (histograms == null ? null : histograms[before]) : chunks.lastHistogram(slot);
            own = last == null ? null : Histogram.stale(last.isFloat());
        }
        if (own != null) {
            if (histograms == null) {
                histograms = new Histogram[batch.size()];
            }
            histograms[i] = own;
        }
        return own;
    }

    private boolean isSame(SampleBatch batch, int a, int b) {
        return SampleEquality.areEqual(
                Double.doubleToRawLongBits(batch.value(a)),
                histograms == null ? null : histograms[a],
                Double.doubleToRawLongBits(batch.value(b)),
                histograms == null ? null : histograms[b]);
    }

    /** The reference given to callers: the slot, and in the high half the series' number in the log, so that a slot's next series has another. */
    private long refOf(int slot) {
        return (series.page(slot).ref[SeriesTable.index(slot)] & 0x7fff_ffffL) << 32 | (slot + 1);
    }

    private int slotOf(long ref) {
        int slot = (int) ref - 1;
        return series.isUsed(slot) && refOf(slot) == ref ? slot : SeriesTable.NONE;
    }

    /** Adds a series that is not there yet. */
    int create(Labels labels, long ref) {
        figures.created();
        return series.add(labels, ref);
    }

    /** Numbers up to this one are taken. */
    void refsUpTo(long ref) {
        if (ref <= MAX_REF) {
            lastRef = Math.max(lastRef, ref);
        }
    }

    /** Whether the series is in memory and not yet in the log, since the write that was to bring it there failed. */
    boolean isUnlogged(int slot) {
        return log.isToBeDescribed(slot);
    }
}
