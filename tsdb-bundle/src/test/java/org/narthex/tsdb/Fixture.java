package org.narthex.tsdb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.SampleValue;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;

/** Data directories written by Prometheus, and what is in them; given by the system property {@code conformance.dir}. */
final class Fixture {
    private Fixture() {}

    /** The fixture's folder; the calling test is skipped where fixtures are not given. */
    static Path folder(String name) {
        String root = System.getProperty("conformance.dir", "");
        assumeTrue(!root.isEmpty(), "needs -Dconformance.dir");
        Path folder = Path.of(root, "tsdb", name);
        assumeTrue(Files.isDirectory(folder), folder + " is missing");
        return folder;
    }

    /** A copy that may be written to. */
    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                    target.toFile().setWritable(true);
                }
            }
        }
        return to;
    }

    /** What {@code promtool tsdb dump} printed: one line per sample, series by their labels, values as the API prints them. */
    static Map<String, List<String>> dump(Path gzipped) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(gzipped)), StandardCharsets.UTF_8))) {
            return dump(lines.lines());
        }
    }

    static Map<String, List<String>> dump(Stream<String> lines) {
        Map<String, List<String>> series = new TreeMap<>();
        lines.forEach(line -> {
            int time = line.lastIndexOf(' ');
            int value = line.lastIndexOf(' ', time - 1);
            double number = SampleValue.parse(line.substring(value + 1, time));
            series.computeIfAbsent(line.substring(0, value), key -> new ArrayList<>())
                    .add(sample(Long.parseLong(line.substring(time + 1)), number));
        });
        series.values().forEach(samples -> samples.sort(null));
        return series;
    }

    /** Everything in a storage, in the same form. */
    static Map<String, List<String>> dump(Storage storage) throws IOException {
        Map<String, List<String>> series = new TreeMap<>();
        try (Querier querier = storage.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("no such label", "")));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                set.read(i, Long.MIN_VALUE, Long.MAX_VALUE, buffer);
                List<String> samples = new ArrayList<>();
                for (int j = 0; j < buffer.size(); j++) {
                    samples.add(
                            buffer.histogram(j) == null
                                    ? sample(buffer.timestampsMs()[j], buffer.values()[j])
                                    : buffer.timestampsMs()[j] + " " + counts(buffer.histogram(j)));
                }
                samples.sort(null);
                if (!samples.isEmpty()) {
                    series.put(text(set.labels(i)), samples);
                }
            }
        }
        return series;
    }

    /** What a histogram counts; buckets that count nothing may be there or not. */
    private static String counts(Histogram histogram) {
        StringBuilder out = new StringBuilder();
        out.append(histogram.schema())
                .append(' ')
                .append(histogram.count())
                .append(' ')
                .append(histogram.sum());
        buckets(histogram.positiveSpans(), histogram::positive, out.append(" +"));
        buckets(histogram.negativeSpans(), histogram::negative, out.append(" -"));
        return out.toString();
    }

    private static void buckets(int[] spans, IntToDoubleFunction counts, StringBuilder out) {
        int index = 0;
        int n = 0;
        for (int i = 0; i < spans.length; i += 2) {
            index += spans[i];
            for (int j = 0; j < spans[i + 1]; j++, index++, n++) {
                if (counts.applyAsDouble(n) != 0) {
                    out.append(' ').append(index).append(':').append(counts.applyAsDouble(n));
                }
            }
        }
    }

    static String sample(long t, double value) {
        return t + " " + SampleValue.format(value);
    }

    static String text(Labels labels) {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < labels.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(labels.name(i)).append('=');
            Labels.appendQuoted(out, labels.value(i));
        }
        return out.append('}').toString();
    }
}
