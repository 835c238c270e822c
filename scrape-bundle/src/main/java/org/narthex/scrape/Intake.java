package org.narthex.scrape;

import java.util.Arrays;
import java.util.Optional;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.scrape.text.SeriesText;
import org.narthex.scrape.text.TextFormatException;
import org.narthex.scrape.text.TextParser;

/**
 * Turns what one scrape brought into one batch for the storage: the samples, staleness markers for series that are gone, and the report. Holds the
 * buffers for that, so workers pass a few of these around. Used by one scrape at a time:
 * {@link #begin}, then {@link #page}, {@link #collected} or neither, then {@link #report}, then {@link #append}.
 */
final class Intake {
    /** Beyond this an intake is dropped rather than kept for other targets. */
    private static final int MAX_KEPT = 200_000;

    private static final double ORDINARY_NAN = Double.longBitsToDouble(0x7ff8000000000001L);

    private final TextParser parser = new TextParser();
    private final SeriesText exposed = new SeriesText();
    private final ScrapeMetrics metrics;
    private SampleBatch batch = new SampleBatch(256);
    /** The cached series of each sample of the batch, -1 for none. */
    private int[] series = new int[256];

    private TargetSeries target;
    private SeriesCache cache;
    private Storage storage;
    private long timeMs;
    private int scraped;
    private int postRelabel;
    private int seriesAdded;
    private long limited;
    private boolean good;

    Intake(ScrapeMetrics metrics) {
        this.metrics = metrics;
    }

    /** @param current whose references may be used; null while there is none */
    void begin(TargetSeries scrapedTarget, Storage current, long scrapeTimeMs) {
        target = scrapedTarget;
        cache = scrapedTarget.cache();
        storage = current;
        timeMs = scrapeTimeMs;
        batch.clear();
        scraped = 0;
        postRelabel = 0;
        seriesAdded = 0;
        limited = 0;
        good = false;
        cache.begin(current);
    }

    /**
     * Takes a page in the text format.
     *
     * @param page longer than {@code length} by at least one byte
     * @throws ScrapeException nothing of it is taken; the series of the scrape before end
     */
    void page(byte[] page, int length) throws ScrapeException {
        try {
            parser.reset(page, length);
            ScrapeConfig config = target.config();
            while (parser.next(cache)) {
                scraped++;
                int from = parser.seriesStart();
                int to = parser.seriesEnd();
                int found = parser.predicted() ? cache.predicted() : cache.find(page, from, to);
                if (found < 0) {
                    exposed.read(page, from, to, parser.type());
                    found = cache.add(page, from, to, target.labels().stored(exposed));
                }
                boolean explicit = parser.hasTimestamp() && config.honorTimestamps();
                take(found, explicit, explicit ? parser.timestampMs() : timeMs, parser.value());
            }
            complete();
        } catch (TextFormatException e) {
            fail();
            throw new ScrapeException(e.getMessage());
        } catch (ScrapeException e) {
            fail();
            throw e;
        }
    }

    /** Takes what in-process exporters measured; otherwise like {@link #page}. */
    void collected(CollectedSamples samples) throws ScrapeException {
        try {
            byte[] text = samples.text();
            for (int i = 0; i < samples.size(); i++) {
                scraped++;
                int from = samples.start(i);
                int to = samples.end(i);
                int found;
                if (cache.end(text, from, to + 1) == to) {
                    found = cache.predicted();
                } else {
                    found = cache.find(text, from, to);
                }
                if (found < 0) {
                    exposed.read(text, from, to, samples.type(i));
                    found = cache.add(text, from, to, target.labels().stored(exposed));
                }
                double value = samples.value(i);
                take(found, false, timeMs, Double.isNaN(value) ? ORDINARY_NAN : value);
            }
            complete();
        } catch (ScrapeException e) {
            fail();
            throw e;
        }
    }

    private void take(int found, boolean explicit, long sampleTimeMs, double value) {
        Labels labels = cache.labels(found);
        boolean added = cache.isNew(found);
        boolean firstTime = cache.see(found);
        if (labels == null) {
            return;
        }
        postRelabel++;
        if (!firstTime && !explicit) {
            metrics.duplicateSample();
            return;
        }
        long limit = target.config().limits().samples();
        if (limit > 0 && ++limited > limit) {
            return;
        }
        if (added && firstTime) {
            seriesAdded++;
        }
        if (!explicit || target.config().trackTimestampsStaleness()) {
            cache.track(found);
        }
        add(found, labels, cache.ref(found), sampleTimeMs, value);
    }

    private void add(int found, Labels labels, long ref, long sampleTimeMs, double value) {
        if (batch.size() == series.length) {
            series = Arrays.copyOf(series, 2 * series.length);
        }
        series[batch.size()] = found;
        batch.add(labels, ref, sampleTimeMs, value);
    }

    private void complete() throws ScrapeException {
        if (limited > 0 && limited > target.config().limits().samples()) {
            throw new ScrapeException(ScrapeException.Limit.SAMPLES, "sample limit exceeded");
        }
        addStale();
        for (Labels labels : target.takeCarried()) {
            if (!cache.isTracked(labels)) {
                add(-1, labels, SampleBatch.NO_REF, timeMs, StaleNaN.VALUE);
            }
        }
        good = true;
    }

    /** Ends all series of the scrape before: the target could not be scraped, or its page was bad. */
    void fail() {
        batch.clear();
        cache.untrack();
        addStale();
        for (Labels labels : target.takeCarried()) {
            add(-1, labels, SampleBatch.NO_REF, timeMs, StaleNaN.VALUE);
        }
        good = false;
    }

    private void addStale() {
        for (int stale = cache.nextStale(0); stale >= 0; stale = cache.nextStale(stale + 1)) {
            add(stale, cache.labels(stale), cache.ref(stale), timeMs, StaleNaN.VALUE);
        }
    }

    /**
     * Adds the report series.
     *
     * @param bodySize of the uncompressed page; -1 if it was too large, 0 if there was none
     */
    void report(boolean up, double seconds, long bodySize) {
        ScrapeConfig config = target.config();
        target.report()
                .add(
                        batch,
                        storage,
                        timeMs,
                        up ? 1 : 0,
                        seconds,
                        scraped,
                        postRelabel,
                        seriesAdded,
                        target.timeoutMs() / 1000.0,
                        (double) config.limits().samples(),
                        (double) bodySize);
    }

    /** Ends the report series too: the target itself is gone. */
    void reportStale() {
        target.report().addStale(batch, storage, timeMs);
    }

    /** Hands the batch over; what the storage says about references and refused samples is noted. */
    void append(HandOverQueue queue) {
        int samples = batch.size() - target.report().size();
        StorageHandle.refsOf(storage);
        Optional<Storage> taker = queue.append(batch);
        if (taker.isPresent()) {
            // Usually the storage expected; if it changed meanwhile, the references kept so far are worthless.
            cache.adopt(taker.get());
            for (int i = 0; i < samples; i++) {
                if (series[i] >= 0) {
                    cache.ref(series[i], batch.ref(i));
                }
            }
            target.report().appended(batch, taker.get());
            metrics.refused(batch);
        }
        // Not earlier: it may move series to other places.
        if (good) {
            cache.commit();
        } else {
            cache.rollback();
        }
        batch.clear();
        if (series.length > MAX_KEPT) {
            series = new int[256];
            batch = new SampleBatch(256);
        }
        target = null;
        cache = null;
        storage = null;
    }
}
