package org.narthex.scrape.text;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;

/**
 * Reads OpenMetrics 0.0.1 and 1.0.0. As strict as Prometheus about how lines are written, and as lax about what they say: neither the order of
 * families nor the suffixes of their series matter, nor whether values fit the type.
 */
public final class OpenMetricsParser extends LineParser {
    private final CreatedLines created = new CreatedLines(this);
    private final boolean startTimestamps;
    private String unit = "";
    private int unitHash;

    private int exemplarStart;
    private int exemplarLabelsEnd;
    private double exemplarValue;
    private boolean exemplarHasTimestamp;
    private long exemplarMs;

    /** @param startTimestamps whether {@code _created} lines tell start timestamps; otherwise they are series like any other */
    public OpenMetricsParser(boolean startTimestamps) {
        this.startTimestamps = startTimestamps;
    }

    @Override
    public void reset(byte[] page, int length, FamilySink familySink) {
        buf = page;
        // With a line break there in any case, scans need no bound.
        buf[length] = '\n';
        limit = length;
        pos = 0;
        type = MetricType.UNKNOWN;
        familyHash = 0;
        unit = "";
        unitHash = 0;
        families = familySink;
        created.reset();
    }

    @Override
    public boolean next(Prediction prediction) throws PageFormatException {
        while (pos < limit) {
            byte c = buf[pos];
            if (c == '#') {
                if (hash()) {
                    return false;
                }
            } else {
                sample(prediction);
                if (!startTimestamps || !isCreatedLine()) {
                    return true;
                }
            }
        }
        throw new PageFormatException("data does not end with # EOF");
    }

    private boolean isCreatedLine() {
        return countsFromStart() && created.isCreated(buf, seriesStart, seriesEnd);
    }

    boolean countsFromStart() {
        return type == MetricType.COUNTER || type == MetricType.HISTOGRAM || type == MetricType.SUMMARY;
    }

    private void sample(Prediction prediction) throws PageFormatException {
        seriesStart = pos;
        int end = prediction.end(buf, pos, limit + 1);
        predicted = end >= 0 && buf[end] == ' ';
        if (!predicted) {
            end = seriesEnd(pos);
        }
        seriesEnd = end;
        int p = number(end, "metric");
        value = exact;
        hasTimestamp = false;
        exemplarStart = 0;
        if (buf[p] == ' ' && !startsExemplar(p)) {
            p = timestamp(p + 1, "timestamp");
            hasTimestamp = true;
            timestampMs = exactMs;
            if (buf[p] == ' ' && !startsExemplar(p)) {
                throw error("expected next entry after timestamp", p);
            }
        }
        if (buf[p] == ' ') {
            p = exemplar(p + 3);
        }
        if (buf[p] != '\n') {
            throw error("expected next entry", p);
        }
        pos = p + 1;
    }

    private boolean startsExemplar(int p) {
        return buf[p + 1] == '#' && buf[p + 2] == ' ' && buf[p + 3] == '{';
    }

    /** What {@link #number} and {@link #timestamp} read. */
    private double exact;

    private long exactMs;

    /** Reads a blank and a number; returns what follows. */
    int number(int from, String after) throws PageFormatException {
        if (buf[from] != ' ' || buf[from + 1] == ' ' || buf[from + 1] == '\n') {
            throw error("expected value after " + after, from);
        }
        try {
            exact = decimal.parse(buf, from + 1);
        } catch (NumberFormatException e) {
            throw error(e.getMessage() + " in value", from + 1);
        }
        return numberEnd(from + 1, "value");
    }

    /** A number ends at a blank or a line break; the text format knows more ends. */
    private int numberEnd(int from, String what) throws PageFormatException {
        int p = decimal.end();
        if (buf[p] == ' ' || buf[p] == '\n') {
            return p;
        }
        while (buf[p] != ' ' && buf[p] != '\n') {
            p++;
        }
        throw error("parsing \"" + text(from, p).replace("\t", "\\t") + "\": invalid syntax in " + what, from);
    }

    /** The number read last. */
    double number() {
        return exact;
    }

    private int timestamp(int from, String what) throws PageFormatException {
        if (buf[from] == ' ' || buf[from] == '\n') {
            throw error("expected next entry after value", from - 1);
        }
        double seconds;
        try {
            seconds = decimal.parse(buf, from);
        } catch (NumberFormatException e) {
            throw error(e.getMessage() + " in " + what, from);
        }
        int p = numberEnd(from, what);
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
            throw error("invalid " + what + " " + SampleValue.format(seconds), from);
        }
        exactMs = (long) (seconds * 1000);
        return p;
    }

    /** @param from the opening brace */
    private int exemplar(int from) throws PageFormatException {
        exemplarStart = from;
        exemplarLabelsEnd = labels(from + 1, true, true);
        int p = number(exemplarLabelsEnd, "exemplar labels");
        exemplarValue = exact;
        exemplarHasTimestamp = false;
        if (buf[p] == ' ') {
            p = timestamp(p + 1, "exemplar timestamp");
            exemplarHasTimestamp = true;
            exemplarMs = exactMs;
            if (buf[p] != '\n') {
                throw error("expected next entry after exemplar timestamp", p);
            }
        }
        return p;
    }

    /** Skips name and labels; returns where they end. */
    int seriesEnd(int from) throws PageFormatException {
        if (Scan.startsMetric(buf[from])) {
            int p = Scan.name(buf, from, Scan.METRIC);
            return buf[p] == '{' ? labels(p + 1, true, false) : p;
        }
        if (buf[from] != '{') {
            throw error("expected a valid start token", from);
        }
        return labels(from + 1, false, false);
    }

    private int labels(int from, boolean isNamed, boolean isExemplar) throws PageFormatException {
        boolean named = isNamed;
        int p = from;
        while (buf[p] != '}') {
            boolean quoted = buf[p] == '"';
            if (!quoted && !Scan.startsLabel(buf[p])) {
                throw error("expected label name", p);
            }
            int start = p;
            p = quoted ? quoted(p, "expected label name", !isExemplar, true) : Scan.name(buf, p, Scan.NAME);
            if (quoted && (buf[p] == ',' || buf[p] == '}')) {
                // A quoted text alone is the metric's name.
                if (isExemplar) {
                    throw error("expected equal", p);
                }
                if (named) {
                    throw error("metric name already set", start);
                }
                named = true;
                p = buf[p] == ',' ? p + 1 : p;
                continue;
            }
            if (buf[p] != '=') {
                throw error("expected equal", p);
            }
            p++;
            if (buf[p] != '"') {
                throw error("expected label value", p);
            }
            p = quoted(p, "expected label value", false, !isExemplar);
            if (buf[p] == ',') {
                p++;
            } else if (buf[p] != '}') {
                throw error("expected comma or brace close", p);
            }
        }
        if (!named) {
            throw error("metric name not set", from - 1);
        }
        return p + 1;
    }

    /** Skips a quoted text; returns what follows the closing quote. */
    private int quoted(int from, String expected, boolean lineBreaks, boolean zeros) throws PageFormatException {
        int p = from + 1;
        boolean ascii = true;
        while (p < limit) {
            byte c = buf[p];
            if (c == '"') {
                if (!ascii && !Utf8.isValid(buf, from, p)) {
                    throw error("invalid UTF-8 label value", from);
                }
                return p + 1;
            }
            if ((c == '\n' && !lineBreaks) || (c == 0 && !zeros)) {
                break;
            }
            if (c == '\\') {
                p++;
                if (p < limit && buf[p] == '\n') {
                    break;
                }
            }
            ascii &= c >= 0;
            p++;
        }
        throw error(expected, from);
    }

    /** A line of metadata; true at the end of the page. */
    private boolean hash() throws PageFormatException {
        int word = pos + 2;
        if (buf[pos + 1] == ' ' && limit - word >= 3 && Scan.is(buf, word, "EOF")) {
            int end = word + 3;
            if (end < limit && (buf[end] != '\n' || end + 1 < limit)) {
                throw error("unexpected data after # EOF", end);
            }
            pos = limit;
            return true;
        }
        if (buf[pos + 1] == ' ' && limit - word >= 5 && buf[word + 4] == ' ') {
            if (Scan.is(buf, word, "HELP")) {
                help(word + 5);
                return false;
            }
            if (Scan.is(buf, word, "TYPE")) {
                type(word + 5);
                return false;
            }
            if (Scan.is(buf, word, "UNIT")) {
                unit(word + 5);
                return false;
            }
        }
        throw error("expected a valid start token", pos);
    }

    private int nameFrom;
    private int nameTo;
    private boolean textIsAscii;

    /** Reads the name of a family; returns where the text begins. */
    private int family(int from, String word) throws PageFormatException {
        int p;
        if (buf[from] == '"') {
            p = quoted(from, "expected metric name after " + word, true, true);
            nameFrom = from + 1;
            nameTo = p - 1;
        } else if (Scan.startsMetric(buf[from])) {
            p = Scan.name(buf, from, Scan.METRIC);
            nameFrom = from;
            nameTo = p;
        } else {
            throw error("expected metric name after " + word, from);
        }
        if (buf[p] != ' ') {
            throw error("expected text in " + word, p);
        }
        int end = Scan.lineEnd(buf, p, limit + 1);
        textIsAscii = end >= 0;
        end = end < 0 ? -1 - end : end;
        pos = end + 1;
        return p + 1;
    }

    private void help(int at) throws PageFormatException {
        int from = family(at, "HELP");
        int to = pos - 1;
        if (!textIsAscii && !Utf8.isValid(buf, from, to)) {
            throw error("help text is not a valid utf8 string", from);
        }
        families.help(buf, nameFrom, nameTo, from, to, FamilySink.Escaping.QUOTED);
    }

    private void type(int at) throws PageFormatException {
        int from = family(at, "TYPE");
        type = typeWord(from, pos - 1);
        familyHash = Scan.hash(buf, nameFrom, nameTo);
        if (familyHash != unitHash) {
            unit = "";
        }
        created.reset();
        families.type(buf, nameFrom, nameTo, type);
    }

    private MetricType typeWord(int from, int to) throws PageFormatException {
        for (MetricType known : TYPES) {
            if (Scan.is(buf, from, to, known.word())) {
                return known;
            }
        }
        throw error("invalid metric type \"" + text(from, to) + "\"", from);
    }

    /** The most frequent first. */
    private static final MetricType[] TYPES = {
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.HISTOGRAM,
        MetricType.SUMMARY,
        MetricType.UNKNOWN,
        MetricType.GAUGEHISTOGRAM,
        MetricType.INFO,
        MetricType.STATESET
    };

    private void unit(int at) throws PageFormatException {
        int from = family(at, "UNIT");
        int to = pos - 1;
        int length = to - from;
        if (length > 0) {
            int before = nameTo - length - 1;
            if (before < nameFrom || buf[before] != '_' || !isSame(before + 1, from, length)) {
                throw error(
                        "unit \"" + text(from, to) + "\" not a suffix of metric \"" + text(nameFrom, nameTo) + "\"",
                        from);
            }
        }
        unitHash = Scan.hash(buf, nameFrom, nameTo);
        if (!Scan.is(buf, from, to, unit)) {
            unit = text(from, to);
        }
        families.unit(buf, nameFrom, nameTo, from, to);
    }

    private boolean isSame(int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            if (buf[a + i] != buf[b + i]) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(buf, from, to - from, StandardCharsets.UTF_8);
    }

    private PageFormatException error(String what, int at) {
        return Scan.error(buf, limit + 1, what, at);
    }

    /** Where the next line begins. */
    int position() {
        return pos;
    }

    int limit() {
        return limit;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public long startTimestampMs() throws PageFormatException {
        return startTimestamps && countsFromStart() ? created.startMs(seriesStart, seriesEnd, type) : 0;
    }

    @Override
    public long exemplarHash() {
        if (exemplarStart == 0) {
            return 0;
        }
        // The rest of the line: labels, value and time.
        long hash = 1;
        for (int i = exemplarStart; i < pos - 1; i++) {
            hash = hash * 0x100000001b3L ^ buf[i];
        }
        return hash == 0 ? 1 : hash;
    }

    @Override
    public void exemplars(long timeMs, List<Exemplar> into) {
        if (exemplarStart == 0 || (!exemplarHasTimestamp && timeMs == 0)) {
            return;
        }
        SeriesText text = new SeriesText();
        text.readLabels(buf, exemplarStart + 1, exemplarLabelsEnd, MetricType.UNKNOWN);
        Labels.Builder labels = Labels.builder();
        for (int i = 1; i < text.size(); i++) {
            labels.set(text.name(i), text.value(i));
        }
        into.add(new Exemplar(labels.build(), exemplarValue, exemplarHasTimestamp ? exemplarMs : timeMs));
    }
}
