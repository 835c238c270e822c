package org.narthex.tsdb.wal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.tsdb.encoding.CorruptionException;

/** Decoded entries on the way from the thread that reads to the one that finds their series: floats in columns, all else as objects between them. */
final class DecodedEntries implements WalRecord.Sink {
    private static final int ENOUGH = 8192;

    /** An entry that is no float; {@link #replay} gives it on. */
    @FunctionalInterface
    private interface Event {
        void to(WalRecord.Sink sink);
    }

    private final WalBatches.Target target;
    private long[] refs = new long[ENOUGH];
    private long[] timesMs = new long[ENOUGH];
    private long[] bits = new long[ENOUGH];
    /** Null until there is one: most logs have none. */
    private long[] startTimesMs;

    private int size;
    private final List<Event> events = new ArrayList<>();
    /** How many floats come before an event. */
    private int[] eventAt = new int[64];

    /** @param target asked which types to decode */
    DecodedEntries(WalBatches.Target target) {
        this.target = target;
    }

    /** Notes a record that cannot be decoded, or not to its end. */
    void senseless(CorruptionException why) {
        add(sink -> target.senseless(why));
    }

    boolean isEmpty() {
        return size == 0 && events.isEmpty();
    }

    boolean isEnough() {
        return size >= ENOUGH || events.size() >= ENOUGH;
    }

    void clear() {
        size = 0;
        events.clear();
        if (startTimesMs != null) {
            Arrays.fill(startTimesMs, 0);
        }
    }

    /** Gives everything on in the order it came. */
    void replay(WalRecord.Sink sink) {
        int at = 0;
        for (int i = 0; i < events.size(); i++) {
            floats(at, eventAt[i], sink);
            at = eventAt[i];
            events.get(i).to(sink);
        }
        floats(at, size, sink);
    }

    private void floats(int from, int to, WalRecord.Sink sink) {
        if (startTimesMs == null) {
            for (int i = from; i < to; i++) {
                sink.sample(refs[i], timesMs[i], bits[i]);
            }
        } else {
            for (int i = from; i < to; i++) {
                sink.sample(refs[i], timesMs[i], startTimesMs[i], bits[i]);
            }
        }
    }

    private void add(Event event) {
        if (events.size() == eventAt.length) {
            eventAt = Arrays.copyOf(eventAt, 2 * eventAt.length);
        }
        eventAt[events.size()] = size;
        events.add(event);
    }

    @Override
    public boolean wants(int type) {
        return target.wants(type);
    }

    @Override
    public void sample(long ref, long timestampMs, long valueBits) {
        if (size == refs.length) {
            refs = Arrays.copyOf(refs, 2 * size);
            timesMs = Arrays.copyOf(timesMs, 2 * size);
            bits = Arrays.copyOf(bits, 2 * size);
            startTimesMs = startTimesMs == null ? null : Arrays.copyOf(startTimesMs, 2 * size);
        }
        refs[size] = ref;
        timesMs[size] = timestampMs;
        bits[size] = valueBits;
        size++;
    }

    @Override
    public void sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {
        sample(ref, timestampMs, valueBits);
        if (startTimesMs == null) {
            startTimesMs = new long[refs.length];
        }
        startTimesMs[size - 1] = startTimestampMs;
    }

    @Override
    public void series(long ref, Labels labels) {
        add(sink -> sink.series(ref, labels));
    }

    @Override
    public void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {
        add(sink -> sink.histogram(ref, timestampMs, startTimestampMs, histogram));
    }

    @Override
    public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
        add(sink -> sink.tombstone(ref, minTimeMs, maxTimeMs));
    }

    @Override
    public void exemplar(long ref, Exemplar exemplar) {
        add(sink -> sink.exemplar(ref, exemplar));
    }

    @Override
    public void metadata(long ref, Metadata metadata) {
        add(sink -> sink.metadata(ref, metadata));
    }

    @Override
    public void mmapMarker(long ref, long chunkRef) {
        add(sink -> sink.mmapMarker(ref, chunkRef));
    }

    @Override
    public void other(int type, byte[] record, int length) {
        byte[] own = Arrays.copyOf(record, length);
        add(sink -> sink.other(type, own, length));
    }
}
