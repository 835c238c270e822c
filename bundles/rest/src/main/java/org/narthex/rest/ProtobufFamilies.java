package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;

/**
 * Writes {@code io.prometheus.client.MetricFamily} messages, each after its length. The samples of a histogram or summary become one metric again;
 * field numbers are those of {@code io/prometheus/client/metrics.proto}.
 */
final class ProtobufFamilies {
    private static final int FAMILY_NAME = 1;
    private static final int FAMILY_HELP = 2;
    private static final int FAMILY_TYPE = 3;
    private static final int FAMILY_METRIC = 4;
    private static final int METRIC_LABEL = 1;
    private static final int METRIC_GAUGE = 2;
    private static final int METRIC_COUNTER = 3;
    private static final int METRIC_SUMMARY = 4;
    private static final int METRIC_UNTYPED = 5;
    private static final int METRIC_HISTOGRAM = 7;
    private static final int SAMPLE_COUNT = 1;
    private static final int SAMPLE_SUM = 2;
    private static final int PARTS = 3;

    private ProtobufFamilies() {}

    static void write(MetricFamilies families, OutputStream out) throws IOException {
        for (MetricFamilies.Family family : families.all()) {
            new ProtobufMessage().nested(family(family)).writeTo(out);
        }
    }

    private static ProtobufMessage family(MetricFamilies.Family family) {
        ProtobufMessage message = new ProtobufMessage().text(FAMILY_NAME, family.name());
        if (!family.help().isEmpty()) {
            message.text(FAMILY_HELP, family.help());
        }
        message.varint(FAMILY_TYPE, typeNumber(family.type()));
        switch (family.type()) {
            case HISTOGRAM, GAUGEHISTOGRAM -> compound(family, "le", METRIC_HISTOGRAM, message);
            case SUMMARY -> compound(family, "quantile", METRIC_SUMMARY, message);
            default -> {
                for (MetricFamilies.Sample sample : family.samples()) {
                    ProtobufMessage value = new ProtobufMessage().fixed(1, sample.value());
                    message.message(
                            FAMILY_METRIC, labels(sample.labels(), "").message(valueField(family.type()), value));
                }
            }
        }
        return message;
    }

    private static int typeNumber(MetricType type) {
        return switch (type) {
            case COUNTER -> 0;
            case GAUGE, INFO, STATESET -> 1;
            case SUMMARY -> 2;
            case UNKNOWN -> 3;
            case HISTOGRAM -> 4;
            case GAUGEHISTOGRAM -> 5;
        };
    }

    private static int valueField(MetricType type) {
        return switch (type) {
            case COUNTER -> METRIC_COUNTER;
            case UNKNOWN -> METRIC_UNTYPED;
            default -> METRIC_GAUGE;
        };
    }

    private static ProtobufMessage labels(List<String> pairs, String without) {
        ProtobufMessage metric = new ProtobufMessage();
        for (int i = 0; i < pairs.size(); i += 2) {
            if (!pairs.get(i).equals(without)) {
                metric.message(
                        METRIC_LABEL,
                        new ProtobufMessage().text(1, pairs.get(i)).text(2, pairs.get(i + 1)));
            }
        }
        return metric;
    }

    /** Histograms and summaries: the samples that differ in the part's label alone belong together. */
    private static void compound(MetricFamilies.Family family, String part, int field, ProtobufMessage into) {
        Map<List<String>, List<MetricFamilies.Sample>> metrics = new LinkedHashMap<>();
        for (MetricFamilies.Sample sample : family.samples()) {
            metrics.computeIfAbsent(without(sample.labels(), part), any -> new ArrayList<>())
                    .add(sample);
        }
        metrics.forEach((labels, samples) -> {
            ProtobufMessage value = new ProtobufMessage();
            for (MetricFamilies.Sample sample : samples) {
                if (sample.name().equals(family.name() + "_count")) {
                    value.varint(SAMPLE_COUNT, (long) sample.value());
                } else if (sample.name().equals(family.name() + "_sum")) {
                    value.fixed(SAMPLE_SUM, sample.value());
                } else if (field == METRIC_SUMMARY) {
                    value.message(
                            PARTS,
                            new ProtobufMessage()
                                    .fixed(1, SampleValue.parse(sample.label(part)))
                                    .fixed(2, sample.value()));
                } else {
                    value.message(
                            PARTS,
                            new ProtobufMessage()
                                    .varint(1, (long) sample.value())
                                    .fixed(2, SampleValue.parse(sample.label(part))));
                }
            }
            into.message(FAMILY_METRIC, labels(labels, part).message(field, value));
        });
    }

    private static List<String> without(List<String> pairs, String name) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            if (!pairs.get(i).equals(name)) {
                rest.add(pairs.get(i));
                rest.add(pairs.get(i + 1));
            }
        }
        return rest;
    }
}
