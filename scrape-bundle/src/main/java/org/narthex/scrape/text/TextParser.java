package org.narthex.scrape.text;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.MetricType;

/**
 * Reads the text format 0.0.4 or 1.0.0. As lax as Prometheus: commas between labels may be missing, quoted texts may hold line breaks, comments are
 * skipped.
 */
public final class TextParser extends LineParser {
    @Override
    public void reset(byte[] page, int length, FamilySink familySink) {
        buf = page;
        // A missing last line break is fine; with one there in any case, scans need no bound.
        buf[length] = '\n';
        limit = length + 1;
        pos = 0;
        type = MetricType.UNKNOWN;
        familyHash = 0;
        families = familySink;
    }

    @Override
    public boolean next(Prediction prediction) throws PageFormatException {
        while (pos < limit) {
            byte c = buf[pos];
            if (c == '\n' || c == ' ' || c == '\t') {
                pos++;
            } else if (c == '#') {
                hash();
            } else {
                sample(prediction);
                return true;
            }
        }
        return false;
    }

    @Override
    public String unit() {
        return "";
    }

    @Override
    public long startTimestampMs() {
        return 0;
    }

    @Override
    public long exemplarHash() {
        return 0;
    }

    @Override
    public void exemplars(long timeMs, List<Exemplar> into) {}

    private void sample(Prediction prediction) throws PageFormatException {
        seriesStart = pos;
        int end = prediction.end(buf, pos, limit);
        predicted = end >= 0 && endsSeries(end);
        if (!predicted) {
            end = series(pos);
        }
        seriesEnd = end;
        int p = blanks(end);
        if (Decimal.isDelimiter(buf[p])) {
            throw error("expected value after metric", p);
        }
        try {
            value = decimal.parse(buf, p);
        } catch (NumberFormatException e) {
            throw error(e.getMessage() + " in value", p);
        }
        p = blanks(decimal.end());
        hasTimestamp = false;
        if (buf[p] != '\n') {
            p = timestamp(p);
        }
        pos = p + 1;
    }

    /** A predicted name might go on in the page, or have labels after a blank. */
    private boolean endsSeries(int end) {
        if (buf[end - 1] == '}') {
            return true;
        }
        return (Scan.CLASS[buf[end] & 0xff] & Scan.METRIC) == 0 && buf[blanks(end)] != '{';
    }

    private int timestamp(int from) throws PageFormatException {
        int p = from;
        long ms = 0;
        while (buf[p] >= '0' && buf[p] <= '9') {
            int digit = buf[p] - '0';
            if (ms > (Long.MAX_VALUE - digit) / 10) {
                throw error("timestamp out of range", from);
            }
            ms = ms * 10 + digit;
            p++;
        }
        if (p == from) {
            throw error("expected timestamp or new record", p);
        }
        p = blanks(p);
        if (buf[p] != '\n') {
            throw error("expected next entry after timestamp", p);
        }
        hasTimestamp = true;
        timestampMs = ms;
        return p;
    }

    /** Skips name and labels; returns where they end. */
    private int series(int from) throws PageFormatException {
        int p = from;
        if (Scan.startsMetric(buf[p])) {
            p = Scan.name(buf, p, Scan.METRIC);
            int brace = blanks(p);
            return buf[brace] == '{' ? labels(brace + 1, true) : p;
        }
        if (buf[p] != '{') {
            throw error("\"" + Scan.shown(buf, limit, p) + "\" is not a valid start token", p);
        }
        return labels(p + 1, false);
    }

    private int labels(int from, boolean isNamed) throws PageFormatException {
        boolean named = isNamed;
        int p = blanks(from);
        while (buf[p] != '}') {
            boolean quoted = buf[p] == '"';
            if (!quoted && !Scan.startsLabel(buf[p])) {
                throw error("expected label name", p);
            }
            int start = p;
            p = blanks(quoted ? quoted(p, "expected label name") : Scan.name(buf, p, Scan.NAME));
            if (quoted && (buf[p] == ',' || buf[p] == '}')) {
                // A quoted text alone is the metric's name.
                if (named) {
                    throw error("metric name already set", start);
                }
                named = true;
                p = buf[p] == ',' ? blanks(p + 1) : p;
                continue;
            }
            if (buf[p] != '=') {
                throw error("expected equal", p);
            }
            p = blanks(p + 1);
            if (buf[p] != '"') {
                throw error("expected label value", p);
            }
            p = blanks(quoted(p, "expected label value"));
            if (buf[p] == ',') {
                p = blanks(p + 1);
            }
        }
        if (!named) {
            throw error("metric name not set", seriesStart);
        }
        return p + 1;
    }

    /** Skips a quoted text; returns what follows the closing quote. */
    private int quoted(int from, String expected) throws PageFormatException {
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
            if (c == '\\') {
                p++;
                if (p < limit && buf[p] == '\n') {
                    break;
                }
            }
            ascii &= c >= 0;
            p++;
        }
        throw error(expected + " to end with a quote", from);
    }

    /** Needs no bound: the page ends with a line break. */
    private int blanks(int from) {
        int p = from;
        while (buf[p] == ' ' || buf[p] == '\t') {
            p++;
        }
        return p;
    }

    /** A comment, or HELP or TYPE, which need a blank before and after the word. */
    private void hash() throws PageFormatException {
        int p = blanks(pos + 1);
        if (p > pos + 1 && startsWith(p, 'T', 'Y', 'P', 'E')) {
            metadata(blanks(p + 4), "TYPE");
        } else if (p > pos + 1 && startsWith(p, 'H', 'E', 'L', 'P')) {
            metadata(blanks(p + 4), "HELP");
        } else {
            int end = Scan.lineEnd(buf, pos, limit);
            pos = (end < 0 ? -1 - end : end) + 1;
        }
    }

    private boolean startsWith(int p, char a, char b, char c, char d) {
        return limit - p > 4
                && buf[p] == a
                && buf[p + 1] == b
                && buf[p + 2] == c
                && buf[p + 3] == d
                && (buf[p + 4] == ' ' || buf[p + 4] == '\t');
    }

    private void metadata(int from, String word) throws PageFormatException {
        int p = from;
        int nameFrom = from;
        int nameTo;
        if (buf[p] == '"') {
            p = quoted(p, "expected metric name after " + word);
            nameFrom++;
            nameTo = p - 1;
        } else if (Scan.startsMetric(buf[p])) {
            p = Scan.name(buf, p, Scan.METRIC);
            nameTo = p;
        } else {
            throw error("expected metric name after " + word, p);
        }
        int found = Scan.lineEnd(buf, p, limit);
        int end = found < 0 ? -1 - found : found;
        int textFrom = Math.min(p + 1, end);
        if (word.equals("TYPE")) {
            type = typeWord(textFrom, end);
            familyHash = Scan.hash(buf, nameFrom, nameTo);
            families.type(buf, nameFrom, nameTo, type);
        } else {
            if (found < 0 && !Utf8.isValid(buf, textFrom, end)) {
                throw error("help text is not valid UTF-8", p);
            }
            families.help(buf, nameFrom, nameTo, textFrom, end, FamilySink.Escaping.HELP);
        }
        pos = end + 1;
    }

    private MetricType typeWord(int from, int to) throws PageFormatException {
        if (Scan.is(buf, from, to, "gauge")) {
            return MetricType.GAUGE;
        }
        if (Scan.is(buf, from, to, "counter")) {
            return MetricType.COUNTER;
        }
        if (Scan.is(buf, from, to, "histogram")) {
            return MetricType.HISTOGRAM;
        }
        if (Scan.is(buf, from, to, "summary")) {
            return MetricType.SUMMARY;
        }
        if (Scan.is(buf, from, to, "untyped")) {
            return MetricType.UNKNOWN;
        }
        throw error("invalid metric type \"" + new String(buf, from, to - from, StandardCharsets.UTF_8) + "\"", from);
    }

    private PageFormatException error(String what, int at) {
        return Scan.error(buf, limit, what, at);
    }
}
