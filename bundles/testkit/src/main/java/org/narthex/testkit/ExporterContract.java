package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;

/** What every {@link Exporter} must keep to, so that what it writes can be stored and asked for. */
public abstract class ExporterContract {
    /** The exporter under test; asked for once per test. */
    protected abstract Exporter exporter() throws Exception;

    /** Counters that do not end in {@code _total} because the names are given from elsewhere. */
    protected Set<String> countersNamedOtherwise() {
        return Set.of();
    }

    /** Collects once, and asserts that nothing is wrong. */
    protected static ExporterContractSink collect(Exporter exporter) throws Exception {
        ExporterContractSink sink = new ExporterContractSink();
        exporter.collect(sink);
        assertThat(sink.faults()).isEmpty();
        return sink;
    }

    @Test
    void writesWellFormedFamilies() throws Exception {
        ExporterContractSink sink = collect(exporter());
        assertThat(sink.samples()).as("an exporter that writes nothing").isNotEmpty();
    }

    @Test
    void namesCountersAsCounters() throws Exception {
        List<String> faults = new ArrayList<>();
        for (ExporterContractSink.Family family : collect(exporter()).families().values()) {
            boolean counter = family.type() == MetricType.COUNTER;
            boolean otherwise = countersNamedOtherwise().contains(family.name());
            if (counter != family.name().endsWith("_total") && family.type() != MetricType.UNKNOWN && !otherwise) {
                faults.add(family.name() + " is a " + family.type().word());
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void neverLetsACounterFall() throws Exception {
        Exporter exporter = exporter();
        Map<Labels, Double> before = collect(exporter).samples();
        ExporterContractSink after = collect(exporter);
        after.samples().forEach((series, value) -> {
            boolean counts =
                    switch (after.familyOf(series).type()) {
                        case COUNTER, HISTOGRAM -> true;
                        case SUMMARY -> series.metricName().endsWith("_count");
                        default -> false;
                    };
            if (counts) {
                assertThat(value).as(series.toString()).isGreaterThanOrEqualTo(before.getOrDefault(series, 0.0));
            }
        });
    }

    @Test
    void mayBeCollectedByTwoTargetsAtOnce() throws Exception {
        Exporter exporter = exporter();
        List<Throwable> failures = new ArrayList<>();
        Thread other = new Thread(() -> {
            try {
                collect(exporter);
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
        });
        other.start();
        collect(exporter);
        other.join();
        assertThat(failures).isEmpty();
    }
}
