package org.narthex.scrape;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricFamily;
import org.narthex.scrape.text.FamilySink;
import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.SeriesText;

/** Puts the samples of a page to the families they belong to, whatever order they come in. Used for one page. */
final class FamilyCollector implements FamilySink {
    private static final String[] HISTOGRAM_PARTS = {"_bucket", "_sum", "_count", "_gsum", "_gcount"};
    private static final String[] SUMMARY_PARTS = {"_sum", "_count"};

    private static final class Draft {
        MetricType type = MetricType.UNKNOWN;
        String help = "";
        final List<MetricFamily.Sample> samples = new ArrayList<>();
    }

    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    private Draft draft(byte[] page, int from, int to) {
        return drafts.computeIfAbsent(SeriesText.unescaped(page, from, to, true), name -> new Draft());
    }

    @Override
    public void type(byte[] page, int nameFrom, int nameTo, MetricType type) {
        draft(page, nameFrom, nameTo).type = type;
    }

    @Override
    public void help(byte[] page, int nameFrom, int nameTo, int from, int to, Escaping escaping) {
        draft(page, nameFrom, nameTo).help = escaping.text(page, from, to);
    }

    @Override
    public void unit(byte[] page, int nameFrom, int nameTo, int from, int to) {
        // It is part of the name.
    }

    /**
     * Adds the sample the parser stands at.
     *
     * @throws IOException the series has a label twice
     */
    void add(SeriesText series, PageParser parser) throws IOException {
        series.sortIfMany();
        String twice = series.duplicate();
        if (twice != null) {
            throw new IOException("label name \"" + twice + "\" is not unique in a sample of " + series.value(0));
        }
        Labels.Builder labels = Labels.builder();
        for (int i = 1; i < series.size(); i++) {
            labels.set(series.name(i), series.value(i));
        }
        OptionalLong time = parser.hasTimestamp() ? OptionalLong.of(parser.timestampMs()) : OptionalLong.empty();
        String name = series.value(0);
        drafts.computeIfAbsent(family(name), unknown -> new Draft())
                .samples
                .add(new MetricFamily.Sample(name, labels.build(), parser.value(), time));
    }

    private String family(String sample) {
        if (drafts.containsKey(sample)) {
            return sample;
        }
        int underscore = sample.lastIndexOf('_');
        if (underscore > 0) {
            String family = sample.substring(0, underscore);
            Draft draft = drafts.get(family);
            if (draft != null && isPart(draft.type, sample.substring(underscore))) {
                return family;
            }
        }
        return sample;
    }

    private static boolean isPart(MetricType type, String suffix) {
        return switch (type) {
            case COUNTER -> suffix.equals("_total");
            case INFO -> suffix.equals("_info");
            case HISTOGRAM, GAUGEHISTOGRAM -> List.of(HISTOGRAM_PARTS).contains(suffix);
            case SUMMARY -> List.of(SUMMARY_PARTS).contains(suffix);
            default -> false;
        };
    }

    List<MetricFamily> families() {
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        drafts.forEach((name, draft) -> {
            if (!draft.samples.isEmpty()) {
                String full = fullName(name, draft);
                families.merge(full, new MetricFamily(full, draft.type, draft.help, draft.samples), this::joined);
            }
        });
        return List.copyOf(families.values());
    }

    /** OpenMetrics leaves the suffix of counters and infos out of the family's name. */
    private static String fullName(String name, Draft draft) {
        String sample = draft.samples.get(0).name();
        boolean suffixed = (draft.type == MetricType.COUNTER || draft.type == MetricType.INFO) && !sample.equals(name);
        return suffixed ? sample : name;
    }

    private MetricFamily joined(MetricFamily first, MetricFamily second) {
        List<MetricFamily.Sample> samples = new ArrayList<>(first.samples());
        samples.addAll(second.samples());
        return new MetricFamily(first.name(), first.type(), first.help(), samples);
    }
}
