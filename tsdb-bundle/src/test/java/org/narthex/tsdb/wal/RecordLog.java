package org.narthex.tsdb.wal;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;

/** Notes what a decoder gives, entry by entry, in a form that can be compared. */
final class RecordLog implements WalRecord.Sink {
    final List<Object> entries = new ArrayList<>();

    record Series(long ref, Labels labels) {}

    record Sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {}

    record HistogramSample(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {}

    record Tombstone(long ref, long minTimeMs, long maxTimeMs) {}

    record ExemplarOf(long ref, Exemplar exemplar) {}

    record MetadataOf(long ref, Metadata metadata) {}

    record Marker(long ref, long chunkRef) {}

    record Other(int type, int length) {}

    @Override
    public void series(long ref, Labels labels) {
        entries.add(new Series(ref, labels));
    }

    @Override
    public void sample(long ref, long timestampMs, long valueBits) {
        entries.add(new Sample(ref, timestampMs, 0, valueBits));
    }

    @Override
    public void sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {
        entries.add(new Sample(ref, timestampMs, startTimestampMs, valueBits));
    }

    @Override
    public void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {
        entries.add(new HistogramSample(ref, timestampMs, startTimestampMs, histogram));
    }

    @Override
    public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
        entries.add(new Tombstone(ref, minTimeMs, maxTimeMs));
    }

    @Override
    public void exemplar(long ref, Exemplar exemplar) {
        entries.add(new ExemplarOf(ref, exemplar));
    }

    @Override
    public void metadata(long ref, Metadata metadata) {
        entries.add(new MetadataOf(ref, metadata));
    }

    @Override
    public void mmapMarker(long ref, long chunkRef) {
        entries.add(new Marker(ref, chunkRef));
    }

    @Override
    public void other(int type, byte[] record, int length) {
        entries.add(new Other(type, length));
    }
}
