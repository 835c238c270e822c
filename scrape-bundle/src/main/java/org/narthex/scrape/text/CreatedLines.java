package org.narthex.scrape.text;

import org.narthex.api.model.MetricType;

/**
 * Finds the {@code _created} line that belongs to a series of OpenMetrics: the next such line of the same family, if its labels are those of the
 * series but for {@code le} and {@code quantile}. It may stand many lines further on, so what was looked through once is remembered: a family is
 * looked through once, however many series it has.
 */
final class CreatedLines {
    private static final String CREATED = "_created";

    private final OpenMetricsParser parser;
    private long knownHash;
    private long knownMs;
    /** Everything before this was looked through: the next line that counts is here, or there is none up to here. */
    private int aheadPosition;

    private boolean aheadIsCreated;
    private long aheadHash;
    private long aheadMs;

    CreatedLines(OpenMetricsParser parser) {
        this.parser = parser;
    }

    /** Starts a family. */
    void reset() {
        knownHash = 0;
        knownMs = 0;
        aheadPosition = -1;
        aheadIsCreated = false;
    }

    boolean isCreated(byte[] page, int from, int to) {
        int nameFrom = nameFrom(page, from, to);
        int nameTo = nameTo(page, nameFrom, to);
        return endsWith(page, nameFrom, nameTo, CREATED);
    }

    /** Milliseconds since the epoch; 0 if the page does not say. */
    long startMs(int from, int to, MetricType type) throws PageFormatException {
        byte[] page = parser.series();
        long hash = hash(page, from, to, type);
        if (hash == knownHash) {
            return knownMs;
        }
        if (parser.position() > aheadPosition) {
            lookAhead(page, type);
        }
        knownHash = hash;
        knownMs = aheadIsCreated && aheadHash == hash ? aheadMs : 0;
        return knownMs;
    }

    private void lookAhead(byte[] page, MetricType type) {
        int p = parser.position();
        aheadIsCreated = false;
        try {
            while (p < parser.limit() && page[p] != '#') {
                int end = parser.seriesEnd(p);
                if (isCreated(page, p, end)) {
                    parser.number(end, "metric");
                    aheadIsCreated = true;
                    aheadHash = hash(page, p, end, type);
                    aheadMs = (long) (parser.number() * 1000);
                    break;
                }
                int line = Scan.lineEnd(page, end, parser.limit() + 1);
                p = (line < 0 ? -1 - line : line) + 1;
            }
        } catch (PageFormatException e) {
            // Reported with its place when the parser comes to it.
            aheadIsCreated = false;
        }
        aheadPosition = p;
    }

    /** Over the name without its suffix and the labels but those that tell the series of one histogram or summary apart. */
    private static long hash(byte[] page, int from, int to, MetricType type) {
        int nameFrom = nameFrom(page, from, to);
        int nameTo = nameTo(page, nameFrom, to);
        long hash = add(1, page, nameFrom, nameTo - suffix(page, nameFrom, nameTo, type));
        int p = page[from] == '{' ? from + 1 : nameTo + 1;
        while (p < to - 1) {
            int start = p;
            p = tokenEnd(page, p);
            if (page[p] != '=') {
                // The metric's name.
                p++;
                continue;
            }
            int labelTo = p;
            int valueFrom = p + 1;
            p = tokenEnd(page, valueFrom);
            if (!isPart(page, start, labelTo, type)) {
                hash = add(add(hash, page, start, labelTo), page, valueFrom, p);
            }
            p++;
        }
        return hash == 0 ? 1 : hash;
    }

    private static boolean isPart(byte[] page, int from, int to, MetricType type) {
        return (type == MetricType.HISTOGRAM && Scan.is(page, from, to, "le"))
                || (type == MetricType.SUMMARY && Scan.is(page, from, to, "quantile"));
    }

    private static int suffix(byte[] page, int from, int to, MetricType type) {
        if (endsWith(page, from, to, CREATED)) {
            return CREATED.length();
        }
        if (type == MetricType.COUNTER) {
            return endsWith(page, from, to, "_total") ? 6 : 0;
        }
        if (endsWith(page, from, to, "_count")) {
            return 6;
        }
        if (endsWith(page, from, to, "_sum")) {
            return 4;
        }
        return type == MetricType.HISTOGRAM && endsWith(page, from, to, "_bucket") ? 7 : 0;
    }

    private static boolean endsWith(byte[] page, int from, int to, String suffix) {
        return to - from >= suffix.length() && Scan.is(page, to - suffix.length(), suffix);
    }

    /** Where the name begins; it stands in quotes if it is among the labels. */
    private static int nameFrom(byte[] page, int from, int to) {
        if (page[from] != '{') {
            return from;
        }
        int p = from + 1;
        while (p < to - 1) {
            int start = p;
            p = tokenEnd(page, p);
            if (page[p] != '=') {
                return start + 1;
            }
            p = tokenEnd(page, p + 1) + 1;
        }
        return from;
    }

    private static int nameTo(byte[] page, int nameFrom, int to) {
        int p = nameFrom;
        if (nameFrom > 0 && page[nameFrom - 1] == '"') {
            return tokenEnd(page, nameFrom - 1) - 1;
        }
        while (p < to && page[p] != '{') {
            p++;
        }
        return p;
    }

    private static int tokenEnd(byte[] page, int from) {
        int p = from;
        if (page[p] != '"') {
            while (page[p] != '=') {
                p++;
            }
            return p;
        }
        p++;
        while (page[p] != '"') {
            p += page[p] == '\\' ? 2 : 1;
        }
        return p + 1;
    }

    private static long add(long hash, byte[] page, int from, int to) {
        long h = hash;
        for (int i = from; i < to; i++) {
            h = (h ^ page[i]) * 0x100000001b3L;
        }
        return (h ^ 0x1ff) * 0x100000001b3L;
    }
}
