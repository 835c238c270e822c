package org.narthex.rest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import org.narthex.api.alert.RuleStates;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryStatistics;
import org.narthex.api.query.QueryTree;
import org.narthex.api.query.QueryValue;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.ExemplarSeries;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageFault;
import org.narthex.api.storage.StorageNotReadyException;
import org.narthex.api.storage.StorageStats;

/** Parts of a server that hold what a test gives them. */
final class Fakes {
    static final QueryStatistics STATISTICS =
            new QueryStatistics(1_000_000_000L, 2_000_000_000L, 3_000_000_000L, 40, 50);

    private Fakes() {}

    /** Everything is there, and nothing waits for what is not. */
    static LiveServices services() {
        LiveServices services = new LiveServices();
        services.setConfigSource(new Config());
        services.setStorage(new Series());
        services.setQueryEngine(new Engine());
        services.setScrapeTargets(new Targets(List.of(), List.of()));
        services.setRuleStates(List::of);
        return services;
    }

    static QueryResult result(QueryValue value, String... warnings) {
        return new QueryResult(value, List.of(warnings), List.of(), STATISTICS);
    }

    /** Answers with what it was told and remembers the question; selectors are a metric name or {@code name="value"}. */
    static class Engine implements QueryEngine {
        volatile QueryResult result = result(new QueryValue.Scalar(0, 1));
        volatile QueryException failure;
        volatile QueryRequest asked;
        volatile QueryTree tree = new QueryTree.NumberLiteral(1, false);

        @Override
        public QueryResult query(QueryRequest request) throws QueryException {
            asked = request;
            if (failure != null) {
                throw failure;
            }
            return result;
        }

        @Override
        public String check(String expression) throws QueryException {
            if (failure != null) {
                throw failure;
            }
            return expression.strip();
        }

        @Override
        public String format(String expression) throws QueryException {
            return check(expression);
        }

        @Override
        public QueryTree parse(String expression) throws QueryException {
            asked = QueryRequest.instant(check(expression), 0);
            return tree;
        }

        @Override
        public List<List<Matcher>> selectors(String expression) throws QueryException {
            return expression.matches("[0-9]+") ? List.of() : List.of(parseSelector(expression));
        }

        @Override
        public List<Matcher> parseSelector(String selector) throws QueryException {
            if (selector.startsWith("{")) {
                throw new QueryException(QueryException.Kind.BAD_DATA, "1:1: parse error: unexpected \"{\"");
            }
            int equals = selector.indexOf('=');
            return List.of(
                    equals < 0
                            ? Matcher.equal(Labels.METRIC_NAME, selector)
                            : Matcher.equal(selector.substring(0, equals), selector.substring(equals + 1)));
        }
    }

    /** Series, without samples unless a test gives them some. */
    static final class Series implements Storage {
        /** Why the storage cannot answer yet; empty when it can. */
        String notReady = "";

        final List<Labels> series = new ArrayList<>();
        volatile long askedMinMs;
        volatile long askedMaxMs;
        /** What was asked of the storage besides reading, in order. */
        final List<String> commands = new ArrayList<>();

        final Map<Labels, SampleBuffer> samples = new HashMap<>();
        List<ExemplarSeries> exemplars = List.of();
        Map<String, List<Metadata>> metadata = Map.of();
        List<StorageFault> faults = List.of();
        Optional<CardinalityStats> cardinality = Optional.empty();

        Series(Labels... series) {
            this.series.addAll(List.of(series));
        }

        @Override
        public void append(SampleBatch batch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Querier querier(long minTimeMs, long maxTimeMs) throws StorageNotReadyException {
            if (!notReady.isEmpty()) {
                throw new StorageNotReadyException(notReady);
            }
            askedMinMs = minTimeMs;
            askedMaxMs = maxTimeMs;
            return new View(series, samples);
        }

        @Override
        public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) {
            commands.add("delete " + matchers + " " + minTimeMs + " " + maxTimeMs);
        }

        @Override
        public void cleanTombstones() {
            commands.add("clean");
        }

        @Override
        public void snapshot(Path folder) {
            commands.add("snapshot " + folder);
        }

        @Override
        public List<ExemplarSeries> exemplars(List<List<Matcher>> selectors, long minTimeMs, long maxTimeMs) {
            commands.add("exemplars " + selectors + " " + minTimeMs + " " + maxTimeMs);
            return exemplars;
        }

        @Override
        public Map<String, List<Metadata>> metadata(String metric) {
            commands.add("metadata " + metric);
            return metadata;
        }

        @Override
        public List<StorageFault> faults() {
            return faults;
        }

        @Override
        public Optional<CardinalityStats> cardinality(int limit) {
            return cardinality;
        }

        @Override
        public StorageStats stats() {
            return new StorageStats(series.size(), 7, 3, 1_000, 61_000, 0);
        }
    }

    private record View(List<Labels> series, Map<Labels, SampleBuffer> samples) implements Querier {
        private List<Labels> matching(List<Matcher> matchers) {
            return series.stream()
                    .filter(labels -> matchers.stream().allMatch(matcher -> matcher.matches(labels)))
                    .sorted()
                    .toList();
        }

        @Override
        public SeriesSet select(List<Matcher> matchers) {
            List<Labels> found = matching(matchers);
            return new SeriesSet() {
                @Override
                public int size() {
                    return found.size();
                }

                @Override
                public Labels labels(int i) {
                    return found.get(i);
                }

                @Override
                public void read(int i, long minTimeMs, long maxTimeMs, SampleBuffer into) {
                    into.clear();
                    SampleBuffer all = samples.getOrDefault(found.get(i), new SampleBuffer());
                    for (int s = 0; s < all.size(); s++) {
                        long time = all.timestampsMs()[s];
                        if (time >= minTimeMs && time <= maxTimeMs && all.histogram(s) == null) {
                            into.add(time, all.values()[s]);
                        } else if (time >= minTimeMs && time <= maxTimeMs) {
                            into.add(time, all.histogram(s));
                        }
                    }
                }
            };
        }

        @Override
        public List<String> labelNames(List<Matcher> matchers, int limit) {
            TreeSet<String> names = new TreeSet<>();
            matching(matchers).forEach(labels -> names.addAll(labels.toMap().keySet()));
            return names.stream().limit(limit == 0 ? Long.MAX_VALUE : limit).toList();
        }

        @Override
        public List<String> labelValues(String name, List<Matcher> matchers, int limit) {
            return matching(matchers).stream()
                    .map(labels -> labels.get(name))
                    .filter(value -> !value.isEmpty())
                    .distinct()
                    .sorted()
                    .limit(limit == 0 ? Long.MAX_VALUE : limit)
                    .toList();
        }

        @Override
        public void close() {}
    }

    record Targets(List<Active> active, List<Dropped> dropped, List<TargetMetadata> all) implements ScrapeTargets {
        Targets(List<Active> active, List<Dropped> dropped) {
            this(active, dropped, List.of());
        }

        @Override
        public List<TargetMetadata> metadata(String metric) {
            return all.stream()
                    .filter(said -> metric.isEmpty() || said.metric().equals(metric))
                    .toList();
        }
    }

    record Rules(List<Group> groups) implements RuleStates {}

    /** A configuration whose reload fails when it is told to. */
    static final class Config implements ConfigSource {
        volatile ConfigException failure;
        int reloads;

        @Override
        public Configuration current() {
            return new Configuration(
                    1,
                    1_700_000_000_000L,
                    "global: {}\n",
                    new Configuration.Global(15_000, 10_000, 15_000, Labels.EMPTY),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    StorageConfig.DEFAULT,
                    List.of());
        }

        @Override
        public void reload() throws ConfigException {
            if (failure != null) {
                throw failure;
            }
            reloads++;
        }

        @Override
        public boolean lastReloadSuccessful() {
            return failure == null;
        }
    }
}
