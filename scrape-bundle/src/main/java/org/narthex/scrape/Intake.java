package org.narthex.scrape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.scrape.histogram.Resolution;
import org.narthex.scrape.text.PageFormatException;
import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.SeriesText;

/**
 * Turns what one scrape brought into one batch for the storage: the samples, staleness markers for series that are gone, and the report. Holds the
 * buffers for that, so workers pass a few of these around. Used by one scrape at a time:
 * {@link #begin}, then {@link #page}, {@link #collected} or neither, then {@link #report}, then {@link #append}.
 */
final class Intake {
    /** In place of a cached series: none, or the 0 at which a series began. */
    static final int NO_SERIES = -1;

    static final int START_ZERO = -2;

    /** Beyond this an intake is dropped rather than kept for other targets. */
    private static final int MAX_KEPT = 200_000;

    private static final double ORDINARY_NAN = Double.longBitsToDouble(0x7ff8000000000001L);

    private final Features features;
    private final Parsers parsers;
    private final SeriesText exposed = new SeriesText();
    private final ClassicCollector classic = new ClassicCollector();
    private final List<Exemplar> exemplars = new ArrayList<>();
    private final ScrapeMetrics metrics;
    private SampleBatch batch = new SampleBatch(256);
    /** The cached series of each sample of the batch. */
    private int[] series = new int[256];

    private TargetSeries target;
    /** What is known of the series of the present sample, if since when it counts must be found out. */
    private StartSynthesis.Series counts;

    private SeriesCache cache;
    private SeriesNotes notes;
    private Storage storage;
    private long timeMs;
    private int scraped;
    private int postRelabel;
    private int seriesAdded;
    private long limited;
    private boolean tooManyBuckets;
    private int duplicates;
    private boolean good;

    Intake(ScrapeMetrics metrics, Features features) {
        this.metrics = metrics;
        this.features = features;
        parsers = new Parsers(features.startTimestamps());
    }

    /** @param current whose references may be used; null while there is none */
    void begin(TargetSeries scrapedTarget, Storage current, long scrapeTimeMs) {
        target = scrapedTarget;
        cache = scrapedTarget.cache();
        notes = cache.notes();
        storage = current;
        timeMs = scrapeTimeMs;
        batch.clear();
        scraped = 0;
        postRelabel = 0;
        seriesAdded = 0;
        limited = 0;
        tooManyBuckets = false;
        duplicates = 0;
        good = false;
        cache.begin(current);
        target.families().begin();
    }

    /**
     * Takes a page.
     *
     * @param page longer than {@code length} by at least one byte
     * @throws ScrapeException nothing of it is taken; the series of the scrape before end
     */
    void page(byte[] page, int length, ContentType.Format format) throws ScrapeException {
        try {
            PageParser parser = parsers.of(format, target.histograms());
            parser.reset(page, length, target.families());
            classic.reset();
            boolean converting = target.histograms().convertClassic();
            while (parser.next(cache)) {
                int found = parser.predicted() ? cache.predicted() : find(parser);
                if (converting && collect(parser, found)) {
                    continue;
                }
                scraped++;
                take(parser, found);
            }
            endClassic();
            complete();
        } catch (PageFormatException e) {
            fail();
            throw new ScrapeException(e.getMessage());
        } catch (ScrapeException e) {
            fail();
            throw e;
        }
    }

    private int find(PageParser parser) throws ScrapeException, PageFormatException {
        int found = cache.find(parser.series(), parser.seriesStart(), parser.seriesEnd());
        if (found >= 0) {
            return found;
        }
        parser.read(exposed);
        return cache.add(parser.series(), parser.seriesStart(), parser.seriesEnd(), stored(parser));
    }

    /** The labels under which the exposed series is stored; null if relabelling drops it. */
    private Labels stored(PageParser parser) throws ScrapeException {
        if (features.typeAndUnitLabels()) {
            exposed.override(
                    "__type__",
                    parser.type() == MetricType.UNKNOWN ? "" : parser.type().word());
            exposed.override("__unit__", parser.unit());
        }
        try {
            return target.labels().stored(exposed);
        } catch (ScrapeException e) {
            // The report counts the one that made the scrape fail, too.
            scraped++;
            throw e;
        }
    }

    private void take(PageParser parser, int found) throws ScrapeException, PageFormatException {
        boolean explicit = parser.hasTimestamp() && target.config().honorTimestamps();
        long sampleTimeMs = explicit ? parser.timestampMs() : timeMs;
        Histogram histogram = parser.histogram() == null ? null : limited(parser.histogram());
        long startMs = features.startTimestamps() ? parser.startTimestampMs() : 0;
        counts = features.startSynthesis() && startMs == 0 ? counting(parser, found) : null;
        if (!take(found, explicit, sampleTimeMs, parser.value(), histogram, startMs)) {
            return;
        }
        long hash = parser.exemplarHash();
        if (hash != 0 && notes.exemplars(cache.same(found)) != hash) {
            notes.exemplars(cache.same(found), hash);
            parser.exemplars(histogram == null ? sampleTimeMs : 0, exemplars);
            addExemplars(cache.labels(found), exemplars);
        }
        if (features.metadataRecords()) {
            addMetadata(found);
        }
    }

    /** What is known of a series that counts without saying since when; null for any other. */
    private StartSynthesis.Series counting(PageParser parser, int found) throws PageFormatException {
        Labels labels = cache.labels(found);
        if (labels == null) {
            return null;
        }
        StartSynthesis.Series known = target.synthesis().of(labels);
        if (known == null) {
            parser.read(exposed);
            boolean gauge = parser.histogram() != null && parser.histogram().resetHint() == Histogram.ResetHint.GAUGE;
            known = target.synthesis()
                    .add(labels, !gauge && Cumulative.is(exposed.value(0), parser.type(), parser.familyHash()));
        }
        return known.isCumulative() ? known : null;
    }

    private void addExemplars(Labels of, List<Exemplar> found) {
        if (found.size() > 1) {
            found.sort(Comparator.comparingLong(Exemplar::timestampMs));
        }
        for (Exemplar exemplar : found) {
            batch.addExemplar(of, exemplar);
        }
        found.clear();
    }

    private void addMetadata(int found) {
        FamilyCache families = target.families();
        String name = families.currentName();
        if (name != null
                && (families.currentChanged() || cache.ref(found) == SampleBatch.NO_REF)
                && cache.labels(found).metricName().startsWith(name)) {
            batch.addMetadata(cache.labels(found), families.currentMetadata());
        }
    }

    /**
     * Lets a part of a classic histogram become part of a native one; ends the one before, if this sample is not part of it.
     *
     * @return whether the sample itself is not to be stored
     */
    private boolean collect(PageParser parser, int found) throws ScrapeException, PageFormatException {
        byte role = ClassicCollector.NO_PART;
        if (parser.histogram() != null) {
            endClassic();
            classic.inhibit(cache.same(found));
            return false;
        }
        if (parser.type() == MetricType.HISTOGRAM) {
            role = notes.role(found);
            role = role == 0 ? role(parser, found) : role;
        }
        if (role == ClassicCollector.NO_PART) {
            endClassic();
            return false;
        }
        int group = notes.group(found);
        if (classic.isCollecting() && !classic.continues(group, parser.familyHash())) {
            endClassic();
        }
        if (!classic.isCollecting()) {
            if (classic.isInhibited(cache.same(group))) {
                return false;
            }
            boolean explicit = parser.hasTimestamp() && target.config().honorTimestamps();
            long startMs = features.startTimestamps() ? parser.startTimestampMs() : 0;
            classic.begin(group, parser, explicit, explicit ? parser.timestampMs() : timeMs, startMs);
        }
        classic.add(role, notes.bound(found), parser);
        if (!target.histograms().alwaysClassic()) {
            cache.see(found);
            return true;
        }
        return false;
    }

    /** Finds out, once for each series, which part of which histogram it is. */
    private byte role(PageParser parser, int found) throws ScrapeException, PageFormatException {
        parser.read(exposed);
        ClassicPart part = ClassicPart.of(exposed, parser.familyHash());
        int group = 0;
        if (part.role() != ClassicCollector.NO_PART) {
            byte[] key = exposed.withoutSuffix(part.suffix(), ClassicPart.LE);
            group = cache.look(key, 0, key.length);
            if (group < 0) {
                exposed.reduce(part.suffix(), ClassicPart.LE);
                group = cache.put(key, 0, key.length, stored(parser));
            }
        }
        notes.part(found, part.role(), group, part.bound());
        return part.role();
    }

    private void endClassic() throws ScrapeException {
        if (!classic.isCollecting()) {
            return;
        }
        int group = classic.group();
        Optional<Histogram> converted = classic.end();
        if (converted.isPresent()) {
            scraped++;
            Histogram custom = limited(converted.get());
            counts = features.startSynthesis() && classic.startMs() == 0 ? countingHistogram(group) : null;
            if (take(group, classic.hasOwnTime(), classic.timeMs(), 0, custom, classic.startMs())) {
                addExemplars(cache.labels(group), classic.exemplars());
            }
        }
        classic.clearExemplars();
    }

    private StartSynthesis.Series countingHistogram(int group) {
        Labels labels = cache.labels(group);
        if (labels == null) {
            return null;
        }
        StartSynthesis.Series known = target.synthesis().of(labels);
        return known == null ? target.synthesis().add(labels, true) : known;
    }

    /** The histogram as coarse as the limits want it; if no resolution is coarse enough the scrape fails, but only when all is counted. */
    private Histogram limited(Histogram histogram) {
        ScrapeConfig.Limits limits = target.config().limits();
        Histogram coarser = histogram;
        if (limits.nativeHistogramMinBucketFactor() > 1 && !histogram.hasCustomBuckets()) {
            coarser = Resolution.reduce(histogram, Resolution.schemaOf(limits.nativeHistogramMinBucketFactor()));
        }
        if (limits.nativeHistogramBuckets() == 0) {
            return coarser;
        }
        Optional<Histogram> fitting = Resolution.fit(coarser, limits.nativeHistogramBuckets());
        tooManyBuckets |= fitting.isEmpty();
        return fitting.orElse(coarser);
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
                counts = null;
                take(found, false, timeMs, Double.isNaN(value) ? ORDINARY_NAN : value, null, 0);
            }
            complete();
        } catch (ScrapeException e) {
            fail();
            throw e;
        }
    }

    /**
     * @param histogram null for a float
     * @param startMs 0 if not known
     * @return whether the sample is in the batch now
     */
    private boolean take(
            int found, boolean explicit, long sampleTimeMs, double value, Histogram histogram, long startMs) {
        Labels labels = cache.labels(found);
        boolean added = cache.isNew(found);
        boolean firstTime = cache.see(found);
        if (labels == null) {
            return false;
        }
        postRelabel++;
        if (!firstTime && !explicit) {
            metrics.duplicateSample();
            duplicates++;
            return false;
        }
        long limit = target.config().limits().samples();
        if (limit > 0 && ++limited > limit) {
            return false;
        }
        if (added && firstTime && !tooManyBuckets) {
            seriesAdded++;
        }
        if (counts != null) {
            return takeCounted(found, explicit, sampleTimeMs, value, histogram);
        }
        track(found, explicit);
        if (startMs != 0 && features.zeroIngestion() && startMs < sampleTimeMs) {
            addStart(found, labels, startMs, histogram);
        }
        addSample(found, sampleTimeMs, value, histogram, startMs);
        return true;
    }

    private void track(int found, boolean explicit) {
        if (!explicit || target.config().trackTimestampsStaleness()) {
            cache.track(found);
        }
    }

    /** Takes what a series has counted since its first sample, which is not stored itself. */
    private boolean takeCounted(int found, boolean explicit, long sampleTimeMs, double value, Histogram histogram) {
        boolean later = histogram == null ? counts.take(sampleTimeMs, value) : counts.take(sampleTimeMs, histogram);
        if (later || cache.ref(found) != SampleBatch.NO_REF) {
            // What is stored goes on, even if there is nothing to store of it for once.
            track(found, explicit);
        }
        if (later) {
            addSample(
                    found,
                    sampleTimeMs,
                    histogram == null ? counts.value() : 0,
                    histogram == null ? null : counts.histogram(),
                    counts.startMs());
        }
        return later;
    }

    private void addSample(int found, long sampleTimeMs, double value, Histogram histogram, long startMs) {
        Labels labels = cache.labels(found);
        if (histogram == null) {
            add(found, labels, cache.ref(found), sampleTimeMs, value);
            notes.kind(cache.same(found), SeriesNotes.FLOAT);
        } else {
            add(found, labels, cache.ref(found), sampleTimeMs, histogram);
            notes.kind(
                    cache.same(found),
                    histogram.isFloat() ? SeriesNotes.FLOAT_HISTOGRAM : SeriesNotes.INTEGER_HISTOGRAM);
        }
        if (features.startStorage()) {
            batch.startTimestampMs(startMs);
        }
    }

    /** Adds the 0 at which the series began, once for each beginning. */
    private void addStart(int found, Labels labels, long startMs, Histogram histogram) {
        int same = cache.same(found);
        if (notes.start(same) == startMs) {
            return;
        }
        notes.start(same, startMs);
        if (histogram == null) {
            add(START_ZERO, labels, cache.ref(found), startMs, 0);
        } else {
            add(START_ZERO, labels, cache.ref(found), startMs, empty(histogram));
        }
    }

    private static Histogram empty(Histogram like) {
        int[] noSpans = {};
        return like.isFloat()
                ? Histogram.ofFloats(
                        Histogram.ResetHint.RESET,
                        like.schema(),
                        like.zeroThreshold(),
                        0,
                        0,
                        0,
                        noSpans,
                        new double[0],
                        noSpans,
                        new double[0],
                        like.customBounds())
                : Histogram.ofIntegers(
                        Histogram.ResetHint.RESET,
                        like.schema(),
                        like.zeroThreshold(),
                        0,
                        0,
                        0,
                        noSpans,
                        new long[0],
                        noSpans,
                        new long[0],
                        like.customBounds());
    }

    private void add(int found, Labels labels, long ref, long sampleTimeMs, double value) {
        note(found);
        batch.add(labels, ref, sampleTimeMs, value);
    }

    private void add(int found, Labels labels, long ref, long sampleTimeMs, Histogram histogram) {
        note(found);
        batch.add(labels, ref, sampleTimeMs, histogram);
    }

    /** Notes the series of the sample that the batch gets next. */
    private void note(int found) {
        if (batch.size() == series.length) {
            series = Arrays.copyOf(series, 2 * series.length);
        }
        series[batch.size()] = found;
    }

    /** How many samples the page had that are not dropped. */
    int taken() {
        return postRelabel;
    }

    private void complete() throws ScrapeException {
        if (limited > 0 && limited > target.config().limits().samples()) {
            throw new ScrapeException(ScrapeException.Limit.SAMPLES, "sample limit exceeded");
        }
        if (tooManyBuckets) {
            throw new ScrapeException(ScrapeException.Limit.HISTOGRAM_BUCKETS, "histogram bucket limit exceeded");
        }
        addStale();
        for (TargetSeries.Carried carried : target.takeCarried()) {
            if (!cache.isTracked(carried.labels())) {
                addStale(NO_SERIES, carried.labels(), SampleBatch.NO_REF, carried.kind());
            }
        }
        good = true;
    }

    /** Ends all series of the scrape before: the target could not be scraped, or its page was bad. */
    void fail() {
        batch.clear();
        notes.forgetHandedOver();
        cache.untrack();
        addStale();
        for (TargetSeries.Carried carried : target.takeCarried()) {
            addStale(NO_SERIES, carried.labels(), SampleBatch.NO_REF, carried.kind());
        }
        good = false;
    }

    private void addStale() {
        for (int stale = cache.nextStale(0); stale >= 0; stale = cache.nextStale(stale + 1)) {
            addStale(stale, cache.labels(stale), cache.ref(stale), notes.kind(stale));
        }
    }

    private void addStale(int found, Labels labels, long ref, byte kind) {
        if (kind == SeriesNotes.FLOAT) {
            add(found, labels, ref, timeMs, StaleNaN.VALUE);
        } else {
            add(found, labels, ref, timeMs, Histogram.stale(kind == SeriesNotes.FLOAT_HISTOGRAM));
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
        // Whoever sees the samples finds the metadata that fits them.
        target.families().end();
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
            target.note(metrics.refused(batch, series, samples).withTwice(duplicates));
        }
        // Not earlier: it may move series to other places.
        if (good) {
            if (features.startSynthesis()) {
                target.synthesis().end();
            }
            cache.commit();
        } else if (cache.rollback()) {
            metrics.cacheFlushForced();
        }
        batch.clear();
        if (series.length > MAX_KEPT) {
            series = new int[256];
            batch = new SampleBatch(256);
        }
        target = null;
        cache = null;
        notes = null;
        storage = null;
    }
}
