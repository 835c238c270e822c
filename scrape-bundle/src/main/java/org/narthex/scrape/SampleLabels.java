package org.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.scrape.text.SeriesText;

/** Turns the labels a target exposes into those that are stored: target labels, {@code honor_labels}, metric relabelling, limits. */
final class SampleLabels {
    private static final String EXPORTED = "exported_";
    /** Characters of a text that a message shows. */
    private static final int SHOWN = 50;

    private final Labels target;
    private final boolean honorLabels;
    private final List<RelabelConfig> relabelling;
    private final ScrapeConfig.Limits limits;
    private final boolean legacyNames;

    SampleLabels(Labels target, ScrapeConfig config) {
        this.target = target;
        this.honorLabels = config.honorLabels();
        this.relabelling = config.metricRelabelConfigs();
        this.limits = config.limits();
        this.legacyNames = config.exposition().legacyNames();
    }

    /**
     * @return null if relabelling drops the series
     * @throws ScrapeException what makes the whole scrape fail
     */
    Labels stored(SeriesText exposed) throws ScrapeException {
        exposed.sortIfMany();
        String duplicate = exposed.duplicate();
        if (duplicate != null) {
            throw new ScrapeException("label name \"" + duplicate + "\" is not unique: invalid sample");
        }
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < exposed.size(); i++) {
            if (exposed.name(i).isEmpty()) {
                throw new ScrapeException(
                        "invalid metric name or label names: empty label name in " + exposed.value(0));
            }
            builder.set(Interner.intern(exposed.name(i)), Interner.intern(exposed.value(i)));
        }
        if (honorLabels) {
            addMissing(builder, exposed);
        } else {
            addWinning(builder);
        }
        Optional<Labels> stored = RelabelConfig.apply(builder.build(), relabelling);
        if (stored.isEmpty()) {
            return null;
        }
        if (!stored.get().has(Labels.METRIC_NAME)) {
            throw new ScrapeException("missing metric name (__name__ label)");
        }
        if (legacyNames) {
            checkNames(stored.get());
        }
        checkLimits(stored.get());
        return stored.get();
    }

    private void addMissing(Labels.Builder builder, SeriesText exposed) {
        for (int i = 0; i < target.size(); i++) {
            // A label exposed with an empty value keeps the target's away.
            if (!exposed.has(target.name(i))) {
                builder.set(target.name(i), target.value(i));
            }
        }
    }

    private void addWinning(Labels.Builder builder) {
        List<String> conflicts = new ArrayList<>(0);
        List<String> values = new ArrayList<>(0);
        for (int i = 0; i < target.size(); i++) {
            String exposed = builder.get(target.name(i));
            if (!exposed.isEmpty()) {
                conflicts.add(target.name(i));
                values.add(exposed);
            }
            builder.set(target.name(i), target.value(i));
        }
        // Shorter names first, so that "a" takes exported_a before an exposed "exported_a" asks for a new name.
        List<String> ordered = new ArrayList<>(conflicts);
        ordered.sort(Comparator.comparingInt(String::length));
        for (String name : ordered) {
            String renamed = EXPORTED + name;
            while (!builder.get(renamed).isEmpty()) {
                renamed = EXPORTED + renamed;
            }
            builder.set(Interner.intern(renamed), values.get(conflicts.indexOf(name)));
        }
    }

    private static void checkNames(Labels labels) throws ScrapeException {
        boolean good = Labels.isMetricName(labels.metricName());
        for (int i = 0; i < labels.size(); i++) {
            good &= Labels.isLabelName(labels.name(i));
        }
        if (!good) {
            throw new ScrapeException("invalid metric name or label names: " + labels);
        }
    }

    private void checkLimits(Labels labels) throws ScrapeException {
        if (limits.labels() > 0 && labels.size() > limits.labels()) {
            throw new ScrapeException(
                    ScrapeException.Limit.LABELS,
                    "label_limit exceeded (metric: " + shortened(labels.metricName()) + ", number of labels: "
                            + labels.size() + ", limit: " + limits.labels() + ")");
        }
        if (limits.labelNameLength() == 0 && limits.labelValueLength() == 0) {
            return;
        }
        for (int i = 0; i < labels.size(); i++) {
            checkLength("label_name_length_limit", labels, i, "", labels.name(i), limits.labelNameLength());
            String value = labels.value(i);
            checkLength("label_value_length_limit", labels, i, value, value, limits.labelValueLength());
        }
    }

    /** @param value the label's, if that is what is too long */
    private static void checkLength(String limitName, Labels labels, int i, String value, String text, long limit)
            throws ScrapeException {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (limit > 0 && length > limit) {
            String shown = value.isEmpty() ? "" : ", value: " + quoted(shortened(value));
            throw new ScrapeException(
                    ScrapeException.Limit.LABELS,
                    limitName + " exceeded (metric: " + shortened(labels.metricName()) + ", label name: "
                            + shortened(labels.name(i)) + shown + ", length: " + length + ", limit: " + limit + ")");
        }
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
