package org.narthex.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;

/**
 * What one request needs on its way from bytes to the storage: first a {@link Message} tells it what is in the request, then it is appended. Series
 * whose reference is known go by that alone; should the storage have forgotten it, their samples are appended again, with labels. Used for
 * one request after the other, so that in steady state nothing is allocated for samples. Not thread-safe.
 */
final class Intake {
    /** Prometheus' bound: samples further ahead are refused. */
    static final long MAX_AHEAD_MS = 600_000;

    /** Bounds the memory of a request that is all empty messages. */
    static final int MAX_ENTRIES = 2_000_000;

    private static final int MAX_ERRORS = 32;
    private static final int MAX_KEPT_ENTRIES = 1 << 17;
    private static final int MAX_KEPT_BYTES = 1 << 23;

    private final Wire wire = new Wire();
    private final SnappyBlock snappy = new SnappyBlock();
    private final HistogramReader histograms = new HistogramReader();
    private final SeriesLabels scratch = new SeriesLabels();
    private final MessageV1 version1;
    private final MessageV2 version2;

    private Message message;
    private SeriesRefs known;
    private byte epoch;
    private long maxTimeMs;

    private SampleBatch batch = new SampleBatch();
    /** Samples whose reference the storage does not know any more. */
    private SampleBatch again = new SampleBatch();
    /** Which series the sample of the batch belongs to. */
    private int[] seriesOf = new int[256];

    /** Series by number: where their labels are, their hash, and their labels if somebody asked for them. */
    private int[] labelsFrom = new int[256];

    private int[] labelsTo = new int[256];
    private long[] highs = new long[256];
    private long[] lows = new long[256];
    private Labels[] labels = new Labels[256];
    private int series;

    private int[] exemplarSeries = new int[16];
    /** Hashes of the metadata in the batch, two words each. */
    private long[] metadataHashes = new long[32];

    private boolean valid;
    private long ref;
    private Labels newLabels;

    private final Tally tally = new Tally();

    /** What became of the parts of one request. */
    static final class Tally {
        int samples;
        int histograms;
        int exemplars;
        int misses;
        int errors;
        int invalidLabelSamples;
        final Map<Rejection, Integer> rejected = new EnumMap<>(Rejection.class);
        final List<String> messages = new ArrayList<>();

        private void clear() {
            samples = 0;
            histograms = 0;
            exemplars = 0;
            misses = 0;
            errors = 0;
            invalidLabelSamples = 0;
            rejected.clear();
            messages.clear();
        }

        /** What is wrong with the request, one line each; empty if all is well. */
        String text() {
            if (errors == 0) {
                return "";
            }
            String more = errors > messages.size() ? "\nand " + (errors - messages.size()) + " more" : "";
            return String.join("\n", messages) + more;
        }
    }

    Intake(SeriesHash.Keys keys) {
        Texts texts = new Texts();
        version1 = new MessageV1(texts, keys);
        version2 = new MessageV2(texts, keys);
    }

    /**
     * Reads a request.
     *
     * @param body a snappy block, its first {@code length} bytes; must stay as it is until {@link #clear()}
     * @param maxPlain the most bytes it may have uncompressed
     * @param refs of the storage it will be appended to
     */
    void read(boolean isVersion2, byte[] body, int length, int maxPlain, SeriesRefs refs, long nowMs)
            throws BadRequestException {
        known = refs;
        epoch = refs.epoch();
        maxTimeMs = nowMs + MAX_AHEAD_MS;
        message = isVersion2 ? version2 : version1;
        snappy.decode(body, length, maxPlain);
        wire.reset(snappy.plain(), snappy.start(), snappy.end());
        message.read(this);
    }

    Wire wire() {
        return wire;
    }

    HistogramReader histograms() {
        return histograms;
    }

    /**
     * Begins a series; what is added next belongs to it.
     *
     * @param hash of its labels
     * @param from where the message finds its labels
     * @return whether its labels are valid
     */
    boolean startSeries(SeriesHash hash, int from, int to) throws BadRequestException {
        if (series == labelsFrom.length) {
            growSeries();
        }
        newLabels = null;
        valid = true;
        ref = known.get(hash.high(), hash.low(), epoch);
        labelsFrom[series] = from;
        labelsTo[series] = to;
        highs[series] = hash.high();
        lows[series] = hash.low();
        labels[series] = null;
        if (ref == SampleBatch.NO_REF) {
            message.labels(from, to, scratch);
            String problem = scratch.problem();
            if (!problem.isEmpty()) {
                startBadSeries(problem);
                return false;
            }
            newLabels = scratch.build();
            labels[series] = newLabels;
            tally.misses++;
        }
        series++;
        return true;
    }

    private void growSeries() throws BadRequestException {
        if (series >= MAX_ENTRIES) {
            throw tooMany("series");
        }
        int capacity = 2 * series;
        labelsFrom = Arrays.copyOf(labelsFrom, capacity);
        labelsTo = Arrays.copyOf(labelsTo, capacity);
        highs = Arrays.copyOf(highs, capacity);
        lows = Arrays.copyOf(lows, capacity);
        labels = Arrays.copyOf(labels, capacity);
    }

    private static BadRequestException tooMany(String what) {
        return new BadRequestException("more than " + MAX_ENTRIES + " " + what + " in one request");
    }

    /** Begins a series that can not be: what is added next is counted and forgotten. */
    void startBadSeries(String problem) {
        valid = false;
        // Version 1 passes over such series in silence, as Prometheus does.
        if (message == version2) {
            error(problem);
        }
    }

    /** Gives the present series up. */
    void endSeries(String problem) throws BadRequestException {
        if (valid) {
            error(problem + " for series " + seriesLabels());
        }
        valid = false;
    }

    /** The labels of the present series. */
    Labels seriesLabels() throws BadRequestException {
        return labels(series - 1);
    }

    private Labels labels(int number) throws BadRequestException {
        Labels found = labels[number];
        if (found == null) {
            message.labels(labelsFrom[number], labelsTo[number], scratch);
            found = scratch.build();
            labels[number] = found;
        }
        return found;
    }

    void sample(long timestampMs, double value, long startMs) throws BadRequestException {
        if (accepts(timestampMs)) {
            note();
            batch.add(newLabels, ref, timestampMs, value);
            if (startMs != 0) {
                batch.startTimestampMs(startMs);
            }
        }
    }

    void histogram(long timestampMs, Histogram histogram, long startMs) throws BadRequestException {
        if (accepts(timestampMs)) {
            note();
            batch.add(newLabels, ref, timestampMs, histogram);
            if (startMs != 0) {
                batch.startTimestampMs(startMs);
            }
        }
    }

    private boolean accepts(long timestampMs) throws BadRequestException {
        if (valid && timestampMs <= maxTimeMs) {
            return true;
        }
        if (valid) {
            reject(Rejection.TOO_FAR_AHEAD, series - 1, "");
        } else {
            tally.invalidLabelSamples++;
        }
        return false;
    }

    private void note() throws BadRequestException {
        int size = batch.size();
        if (size == seriesOf.length) {
            if (size >= MAX_ENTRIES) {
                throw tooMany("samples");
            }
            seriesOf = Arrays.copyOf(seriesOf, 2 * size);
        }
        seriesOf[size] = series - 1;
    }

    void exemplar(Exemplar exemplar) throws BadRequestException {
        int size = batch.exemplars().size();
        if (valid && exemplar.timestampMs() <= maxTimeMs) {
            if (size == exemplarSeries.length) {
                if (size >= MAX_ENTRIES) {
                    throw tooMany("exemplars");
                }
                exemplarSeries = Arrays.copyOf(exemplarSeries, 2 * size);
            }
            exemplarSeries[size] = series - 1;
            batch.addExemplar(seriesLabels(), exemplar);
        }
    }

    /** An exemplar with labels that can not be. */
    void badExemplar(String problem) throws BadRequestException {
        if (valid) {
            error("parsing exemplar for series " + seriesLabels() + ": " + problem);
        }
    }

    /** Whether the storage was told this metadata. */
    boolean isMetadataKnown(SeriesHash hash) {
        return known.get(hash.high(), hash.low(), epoch) != SampleBatch.NO_REF || isMetadataInBatch(hash);
    }

    private boolean isMetadataInBatch(SeriesHash hash) {
        // Most requests bring none that is new, the first ones a few hundred.
        for (int i = 0; i < 2 * batch.metadata().size(); i += 2) {
            if (metadataHashes[i + 1] == hash.low() && metadataHashes[i] == hash.high()) {
                return true;
            }
        }
        return false;
    }

    void metadata(SeriesHash hash, Labels about, Metadata metadata) {
        if (!valid && message == version2) {
            return;
        }
        int at = 2 * batch.metadata().size();
        if (at == metadataHashes.length) {
            metadataHashes = Arrays.copyOf(metadataHashes, 2 * at);
        }
        metadataHashes[at] = hash.high();
        metadataHashes[at + 1] = hash.low();
        batch.addMetadata(about, metadata);
    }

    /** Appends what was read. What is refused harms no other; see {@link #tally}. */
    void append(Storage storage) throws IOException, BadRequestException {
        if (batch.isEmpty()) {
            return;
        }
        storage.append(batch);
        learn();
        settle(true);
        if (!again.isEmpty()) {
            SampleBatch first = batch;
            batch = again;
            again = first;
            storage.append(batch);
            learn();
            settle(false);
        }
    }

    Tally tally() {
        return tally;
    }

    /** Keeps the references of series that were given by labels. */
    private void learn() {
        int last = -1;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.labels(i) != null && seriesOf[i] != last && batch.ref(i) != SampleBatch.NO_REF) {
                last = seriesOf[i];
                known.put(highs[last], lows[last], batch.ref(i), epoch);
            }
        }
        for (int i = 0; i < 2 * batch.metadata().size(); i += 2) {
            known.put(metadataHashes[i], metadataHashes[i + 1], 1, epoch);
        }
    }

    private void settle(boolean mayTryAgain) throws BadRequestException {
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            AppendResult result = batch.result(i);
            if (result == AppendResult.OK) {
                tally.histograms += batch.histogram(i) == null ? 0 : 1;
                tally.samples += batch.histogram(i) == null ? 1 : 0;
            } else if (result == AppendResult.UNKNOWN_REF && mayTryAgain) {
                tryAgain(i);
            } else {
                Histogram histogram = batch.histogram(i);
                boolean explain = result == AppendResult.INVALID_VALUE && histogram != null;
                reject(
                        Rejection.of(result),
                        seriesOf[i],
                        explain ? histogram.problem().map(why -> ": " + why).orElse("") : "");
            }
        }
        for (int i = 0; i < batch.exemplars().size(); i++) {
            SampleBatch.ExemplarEntry entry = batch.exemplars().get(i);
            switch (entry.result()) {
                // Prometheus takes an exemplar it has for good.
                case OK, DUPLICATE -> tally.exemplars++;
                case OUT_OF_ORDER -> exemplarError(exemplarSeries[i]);
                case UNKNOWN_REF -> {
                    if (mayTryAgain && again.size() > 0) {
                        exemplarSeries[again.exemplars().size()] = exemplarSeries[i];
                        again.addExemplar(entry.series(), entry.exemplar());
                    }
                }
                default -> {
                    // Others are no error to Prometheus, as long as exemplars are an experiment there.
                }
            }
        }
    }

    private void exemplarError(int number) throws BadRequestException {
        // To version 1 it is none.
        if (message == version2) {
            error("out of order exemplar for series " + labels(number));
        }
    }

    private void tryAgain(int i) throws BadRequestException {
        int number = seriesOf[i];
        // The new places are never ahead of the old ones.
        seriesOf[again.size()] = number;
        if (batch.histogram(i) == null) {
            again.add(labels(number), SampleBatch.NO_REF, batch.timestampMs(i), batch.value(i));
        } else {
            again.add(labels(number), SampleBatch.NO_REF, batch.timestampMs(i), batch.histogram(i));
        }
        if (batch.startTimestampMs(i) != 0) {
            again.startTimestampMs(batch.startTimestampMs(i));
        }
        tally.misses++;
    }

    private void reject(Rejection rejection, int number, String why) throws BadRequestException {
        tally.rejected.merge(rejection, 1, Integer::sum);
        if (tally.messages.size() < MAX_ERRORS) {
            error(rejection.text() + why + " for series " + labels(number));
        } else {
            tally.errors++;
        }
    }

    private void error(String text) {
        tally.errors++;
        if (tally.messages.size() < MAX_ERRORS) {
            tally.messages.add(text);
        }
    }

    /** Forgets the request, and gives back the memory of an unusually large one. */
    void clear() {
        if (message != null) {
            message.clear();
            message = null;
        }
        known = null;
        newLabels = null;
        Arrays.fill(labels, 0, series, null);
        series = 0;
        tally.clear();
        batch.clear();
        again.clear();
        snappy.shrink(MAX_KEPT_BYTES);
        wire.reset(snappy.plain(), 0, 0);
    }

    /** Whether it may serve again, or has grown too large to be kept. */
    boolean isWorthKeeping() {
        return seriesOf.length <= MAX_KEPT_ENTRIES && labels.length <= MAX_KEPT_ENTRIES;
    }
}
