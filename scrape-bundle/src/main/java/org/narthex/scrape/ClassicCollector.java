package org.narthex.scrape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.scrape.histogram.ClassicHistogram;
import org.narthex.scrape.text.PageFormatException;
import org.narthex.scrape.text.PageParser;

/** Gathers the series of one classic histogram as they pass by in a page, to make a native histogram of them. Used again and again. */
final class ClassicCollector {
    /** What a series is to a classic histogram; 0 stands for not known yet. */
    static final byte NO_PART = 1;

    static final byte BUCKET = 2;
    static final byte COUNT = 3;
    static final byte SUM = 4;

    private static final int NONE = -1;

    private final ClassicHistogram histogram = new ClassicHistogram();
    private final List<Exemplar> exemplars = new ArrayList<>();
    private int group = NONE;
    private int familyHash;
    private long timeMs;
    private boolean explicit;
    private long startMs;
    /** An exponential histogram with these labels came, which makes its classic form superfluous. */
    private int inhibited = NONE;

    void reset() {
        clear();
        inhibited = NONE;
    }

    private void clear() {
        group = NONE;
        histogram.clear();
        exemplars.clear();
    }

    boolean isCollecting() {
        return group != NONE;
    }

    /** Whether the series belong together with those collected. */
    boolean continues(int otherGroup, int otherFamily) {
        return group == otherGroup && familyHash == otherFamily;
    }

    int group() {
        return group;
    }

    void begin(int newGroup, PageParser parser, boolean hasOwnTime, long sampleTimeMs, long startTimestampMs) {
        group = newGroup;
        familyHash = parser.familyHash();
        explicit = hasOwnTime;
        timeMs = sampleTimeMs;
        startMs = startTimestampMs;
        inhibited = NONE;
    }

    void add(byte role, double bound, PageParser parser) throws PageFormatException {
        switch (role) {
            case BUCKET -> histogram.bucket(bound, parser.value());
            case COUNT -> histogram.count(parser.value());
            case SUM -> histogram.sum(parser.value());
            default -> throw new IllegalArgumentException("no part of a histogram: " + role);
        }
        if (parser.exemplarHash() != 0) {
            parser.exemplars(0, exemplars);
        }
    }

    /** Ends the histogram; empty if its series contradict each other. */
    Optional<Histogram> end() {
        Optional<Histogram> converted = histogram.convert();
        group = NONE;
        histogram.clear();
        return converted;
    }

    /** Those with a time of their own, of the histogram that ended last. */
    List<Exemplar> exemplars() {
        return exemplars;
    }

    void clearExemplars() {
        exemplars.clear();
    }

    boolean hasOwnTime() {
        return explicit;
    }

    long timeMs() {
        return timeMs;
    }

    long startMs() {
        return startMs;
    }

    void inhibit(int exponential) {
        inhibited = exponential;
    }

    boolean isInhibited(int ofGroup) {
        return inhibited != NONE && inhibited == ofGroup;
    }
}
