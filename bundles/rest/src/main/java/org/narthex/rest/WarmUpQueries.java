package org.narthex.rest;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;

/** Queries as dashboards ask them, for metrics that are stored and have few enough series that one takes no longer than a moment. */
final class WarmUpQueries {
    private static final int METRICS = 3;
    private static final int LOOKED_AT = 200;
    private static final int MIN_SERIES = 2;
    private static final int MAX_SERIES = 500;
    private static final long HOUR_MS = 3_600_000;
    private static final long LONG_MS = 6 * HOUR_MS;
    /** About so many steps has a range. */
    private static final long STEPS = 300;
    /** So many small questions come before each other one: they take little, and the way of every request through the server becomes fast. */
    private static final int SMALL_BETWEEN = 9;

    private static final List<String> INSTANT = List.of(
            "sum by (job) (rate(%s[5m]))",
            "{__name__=~\"%s.*\",job=~\".+\"}", "count({__name__=~\"%s.*\"})", "topk(5, %s)", "%s");
    private static final List<String> RANGE = List.of(
            "%s",
            "%s / 3",
            "sum by (job) (rate(%s[5m]))",
            "sum by (instance) (rate(%s[5m]))",
            "topk(10, rate(%s[5m]))",
            "max_over_time(%s[1h])",
            "avg_over_time(%s[10m])",
            "%1$s / on (instance, job) group_left () sum by (instance, job) (%1$s)",
            "max_over_time(sum by (job) (rate(%s[5m]))[1h:1m])",
            "histogram_quantile(0.9, sum by (le) (rate(%s[5m])))");

    /**
     * What can be asked for.
     *
     * @param one the labels of one of its series
     */
    private record Metric(String name, int series, Labels one) {
        /** As PromQL selects it. */
        String oneSeries() {
            return one.toString();
        }

        /** The same and those that are named alike, found by regular expressions. */
        String namedAlike() {
            return "{__name__=~\"" + name + ".*\",instance=~\""
                    + one.get("instance").replaceAll("\\W", ".") + ".*\"}";
        }
    }

    private WarmUpQueries() {}

    /** What to ask the API, with parameters; nothing if nothing suitable is stored. */
    static List<String> of(LiveServices services, long nowMs) {
        List<String> all = new ArrayList<>();
        for (Metric metric : metrics(services, nowMs)) {
            List<String> small = List.of(
                    instant(metric.oneSeries(), nowMs),
                    range(metric.oneSeries(), 3 * HOUR_MS, nowMs),
                    instant(metric.namedAlike(), nowMs));
            for (String query : INSTANT) {
                addSmall(all, small);
                all.add(instant(query.formatted(metric.name()), nowMs));
            }
            for (String query : RANGE) {
                addSmall(all, small);
                all.add(range(query.formatted(metric.name()), HOUR_MS, nowMs));
                addSmall(all, small);
                // So far back series lie in blocks, which are read in other ways than the head.
                all.add(range(query.formatted(metric.name()), LONG_MS, nowMs));
            }
        }
        return all;
    }

    private static void addSmall(List<String> all, List<String> small) {
        for (int i = 0; i < SMALL_BETWEEN; i++) {
            all.add(small.get(i % small.size()));
        }
    }

    private static String instant(String query, long timeMs) {
        return path(QueryServlet.QUERY, query) + "&time=" + seconds(timeMs);
    }

    private static String range(String query, long lengthMs, long endMs) {
        return path(QueryServlet.QUERY_RANGE, query) + "&start=" + seconds(endMs - lengthMs) + "&end=" + seconds(endMs)
                + "&step=" + lengthMs / STEPS / 1000;
    }

    private static String path(String resource, String query) {
        return resource + "?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private static String seconds(long timeMs) {
        return Long.toString(timeMs / 1000);
    }

    /** Those with the most series that are not too many, buckets of histograms among them. */
    private static List<Metric> metrics(LiveServices services, long nowMs) {
        Optional<Storage> storage = services.storage.get();
        if (storage.isEmpty()) {
            return List.of();
        }
        List<Metric> found = new ArrayList<>();
        try (Querier querier = storage.get().querier(nowMs - HOUR_MS, nowMs)) {
            List<String> names = querier.labelValues(Labels.METRIC_NAME, List.of(), 0);
            // Spread over the alphabet: names that begin alike tend to have the same series.
            int every = Math.max(1, names.size() / LOOKED_AT);
            for (int i = 0; i < names.size(); i += every) {
                String name = names.get(i);
                if (Labels.isMetricName(name)) {
                    SeriesSet series = querier.select(List.of(Matcher.equal(Labels.METRIC_NAME, name)));
                    if (series.size() >= MIN_SERIES && series.size() <= MAX_SERIES) {
                        found.add(new Metric(name, series.size(), series.labels(0)));
                    }
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        found.sort((a, b) -> Integer.compare(b.series(), a.series()));
        return found.stream().limit(METRICS).toList();
    }
}
