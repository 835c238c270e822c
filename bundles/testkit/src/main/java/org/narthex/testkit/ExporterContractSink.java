package org.narthex.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Records what an exporter writes, with everything that is wrong about it. */
public final class ExporterContractSink implements MetricSink {
    /** A family as declared. */
    public record Family(String name, MetricType type, String help) {}

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Map<Labels, Double> samples = new LinkedHashMap<>();
    private final Map<Labels, Family> familyOf = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private Family current;

    /** All families by name, in the order of their declaration. */
    public Map<String, Family> families() {
        return families;
    }

    /** All values by series; the metric name is the label {@code __name__}. */
    public Map<Labels, Double> samples() {
        return samples;
    }

    /** The family a series belongs to. */
    public Family familyOf(Labels series) {
        return familyOf.get(series);
    }

    /** The value of a series, given as metric name and label name, value, …; NaN if there is none. */
    public double value(String name, String... labels) {
        return samples.getOrDefault(series(name, labels), Double.NaN);
    }

    /** What is wrong, one sentence each. */
    public List<String> faults() {
        return faults;
    }

    private static Labels series(String name, String... labels) {
        return Labels.of(labels).toBuilder().set(Labels.METRIC_NAME, name).build();
    }

    @Override
    public void family(String name, MetricType type, String help) {
        current = new Family(name, type, help);
        if (!Labels.isMetricName(name)) {
            faults.add(name + " is no metric name");
        }
        if (help.isBlank() || help.indexOf('\n') >= 0) {
            faults.add(name + " needs a help text of one line");
        }
        if (families.put(name, current) != null) {
            faults.add(name + " is declared twice");
        }
    }

    @Override
    public void sample(String name, double value, String... labels) {
        if (current == null) {
            faults.add(name + " comes before any family");
            return;
        }
        if (!belongs(name)) {
            faults.add(name + " does not belong to the family declared last, " + current.name());
        }
        if (labels.length % 2 != 0) {
            faults.add(name + " has a label without a value");
            return;
        }
        for (int i = 0; i < labels.length; i += 2) {
            if (!Labels.isLabelName(labels[i]) || labels[i].startsWith("__")) {
                faults.add(name + " has a label named \"" + labels[i] + "\"");
            }
            if (labels[i + 1] == null) {
                faults.add(name + " has no value for the label " + labels[i]);
                return;
            }
        }
        Labels series;
        try {
            series = series(name, labels);
        } catch (IllegalArgumentException e) {
            faults.add(name + ": " + e.getMessage());
            return;
        }
        if (samples.put(series, value) != null) {
            faults.add(series + " is written twice");
        }
        familyOf.put(series, current);
    }

    private boolean belongs(String name) {
        String family = current.name();
        return switch (current.type()) {
            case HISTOGRAM, GAUGEHISTOGRAM ->
                name.equals(family + "_bucket") || name.equals(family + "_sum") || name.equals(family + "_count");
            case SUMMARY -> name.equals(family) || name.equals(family + "_sum") || name.equals(family + "_count");
            default -> name.equals(family);
        };
    }
}
