package org.narthex.scrape.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.MetricType;
import org.narthex.scrape.Conformance;

/** Everything a parser finds in a page, in order. */
final class Entries implements FamilySink {
    /** What a page says about a family: the kind of the line, the family, and the rest. */
    record Family(String entry, String metric, String text) {}

    /** A sample; the time null if it has none. */
    record Sample(
            String raw,
            Map<String, String> labels,
            double value,
            Long timestampMs,
            long startMs,
            List<Exemplar> exemplars) {}

    private final List<Object> all = new ArrayList<>();

    static List<Object> of(PageParser parser, byte[] page) throws PageFormatException {
        Entries entries = new Entries();
        byte[] buffer = Conformance.roomy(page);
        parser.reset(buffer, page.length, entries);
        SeriesText text = new SeriesText();
        while (parser.next((body, from, limit) -> -1)) {
            parser.read(text);
            Map<String, String> labels = new TreeMap<>();
            for (int i = 0; i < text.size(); i++) {
                labels.put(text.name(i), text.value(i));
            }
            List<Exemplar> exemplars = new ArrayList<>();
            parser.exemplars(-1, exemplars);
            entries.all.add(new Sample(
                    new String(
                            parser.series(),
                            parser.seriesStart(),
                            parser.seriesEnd() - parser.seriesStart(),
                            StandardCharsets.UTF_8),
                    labels,
                    parser.value(),
                    parser.hasTimestamp() ? parser.timestampMs() : null,
                    parser.startTimestampMs(),
                    exemplars));
        }
        return entries.all;
    }

    static List<Sample> samples(PageParser parser, byte[] page) throws PageFormatException {
        return of(parser, page).stream()
                .filter(Sample.class::isInstance)
                .map(Sample.class::cast)
                .toList();
    }

    @Override
    public void type(byte[] page, int nameFrom, int nameTo, MetricType type) {
        add("type", page, nameFrom, nameTo, type.word());
    }

    @Override
    public void help(byte[] page, int nameFrom, int nameTo, int from, int to, Escaping escaping) {
        add("help", page, nameFrom, nameTo, SeriesText.unescaped(page, from, to, escaping == Escaping.QUOTED));
    }

    @Override
    public void unit(byte[] page, int nameFrom, int nameTo, int from, int to) {
        add("unit", page, nameFrom, nameTo, new String(page, from, to - from, StandardCharsets.UTF_8));
    }

    private void add(String entry, byte[] page, int from, int to, String text) {
        all.add(new Family(entry, SeriesText.unescaped(page, from, to, true), text));
    }
}
