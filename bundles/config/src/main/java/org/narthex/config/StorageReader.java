package org.narthex.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.config.StorageConfig.Downsampling;
import org.narthex.api.config.StorageConfig.Retention;
import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.api.model.Matcher;

/** The {@code storage} section: Prometheus' keys, and {@code tsdb.retention_policies}, which is Narthex' own. */
final class StorageReader {
    private static final long SECOND = 1_000;

    private StorageReader() {}

    static StorageConfig read(Section storage) throws ConfigException {
        storage.only("tsdb", "exemplars");
        Section exemplars = storage.section("exemplars");
        exemplars.only("max_exemplars");
        Section tsdb = storage.section("tsdb");
        tsdb.only(
                "out_of_order_time_window",
                "stale_series_compaction_threshold",
                "chunk_encoding",
                "retention",
                "retention_policies");
        double threshold = tsdb.number("stale_series_compaction_threshold", 0);
        if (!(threshold >= 0 && threshold <= 1)) {
            throw tsdb.error("stale_series_compaction_threshold", "must be in the range [0, 1]");
        }
        return new StorageConfig(
                tsdb.duration("out_of_order_time_window", 0),
                threshold,
                xor2(tsdb.section("chunk_encoding")),
                retention(tsdb),
                policies(tsdb),
                // As in Prometheus, a number below 0 keeps none.
                Math.max(0, exemplars.integer("max_exemplars", StorageConfig.DEFAULT_MAX_EXEMPLARS)));
    }

    private static Optional<Boolean> xor2(Section encoding) throws ConfigException {
        encoding.only("floats");
        String floats = encoding.text("floats", "");
        return switch (floats) {
            case "" -> Optional.empty();
            case "xor" -> Optional.of(false);
            case "xor2" -> Optional.of(true);
            default ->
                throw encoding.error(
                        "floats",
                        "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted "
                                + "entirely, got \"" + floats + "\"");
        };
    }

    private static Optional<Retention> retention(Section tsdb) throws ConfigException {
        Section retention = tsdb.section("retention");
        retention.only("time", "size", "percentage");
        if (retention.text("size", "").startsWith("-")) {
            throw retention.error("size", "'storage.tsdb.retention.size' must be greater than or equal to 0");
        }
        double percentage = retention.number("percentage", 0);
        if (!(percentage >= 0 && percentage <= 100)) {
            throw retention.error("percentage", "'storage.tsdb.retention.percentage' must be in the range [0, 100]");
        }
        Retention bounds = new Retention(retention.duration("time", 0), retention.bytes("size", 0), percentage);
        return tsdb.has("retention") ? Optional.of(bounds) : Optional.empty();
    }

    private static List<RetentionPolicy> policies(Section tsdb) throws ConfigException {
        List<RetentionPolicy> policies = new ArrayList<>();
        for (ConfigNode item : tsdb.list("retention_policies", "empty or null retention policy")) {
            policies.add(policy(Section.of(item)));
        }
        return policies;
    }

    private static RetentionPolicy policy(Section policy) throws ConfigException {
        policy.only("match", "keep", "downsample");
        List<Matcher> matchers = matchers(policy);
        OptionalLong keep = policy.has("keep") ? OptionalLong.of(positive(policy, "keep")) : OptionalLong.empty();
        List<Downsampling> steps = downsampling(policy, keep);
        if (keep.isEmpty() && steps.isEmpty()) {
            throw policy.error("needs keep or downsample, else it changes nothing");
        }
        return new RetentionPolicy(matchers, keep, steps);
    }

    /** A selector that the empty label set does not match, so that a policy is not about all series by accident. */
    private static List<Matcher> matchers(Section policy) throws ConfigException {
        if (!policy.has("match")) {
            throw policy.error("needs match, a series selector such as '{job=\"dev\"}'");
        }
        String selector = policy.text("match", "");
        List<Matcher> matchers;
        try {
            matchers = SelectorParser.parse(selector);
        } catch (IllegalArgumentException e) {
            throw policy.error("match", e.getMessage());
        }
        if (matchers.stream().allMatch(Matcher::matchesEmpty)) {
            throw policy.error(
                    "match", "needs at least one matcher that does not match an empty label, found " + selector);
        }
        return matchers;
    }

    private static List<Downsampling> downsampling(Section policy, OptionalLong keep) throws ConfigException {
        List<Downsampling> steps = new ArrayList<>();
        for (ConfigNode item : policy.list("downsample", "empty or null downsampling step")) {
            Section step = Section.of(item);
            step.only("after", "resolution");
            long after = positive(step, "after");
            long resolution = positive(step, "resolution");
            if (resolution < SECOND) {
                throw step.error("resolution", "must be at least 1s, found " + step.text("resolution", ""));
            }
            if (keep.isPresent() && after >= keep.getAsLong()) {
                throw step.error("after", "must be less than keep, else the step never comes");
            }
            if (!steps.isEmpty()) {
                Downsampling before = steps.get(steps.size() - 1);
                ascends(step, "after", before.afterMs(), after);
                ascends(step, "resolution", before.resolutionMs(), resolution);
            }
            steps.add(new Downsampling(after, resolution));
        }
        return steps;
    }

    private static long positive(Section section, String key) throws ConfigException {
        if (!section.has(key)) {
            throw section.error("needs " + key + ", a duration such as 30d");
        }
        long duration = section.duration(key, 0);
        if (duration <= 0) {
            throw section.error(key, "must be greater than 0");
        }
        return duration;
    }

    private static void ascends(Section step, String key, long before, long now) throws ConfigException {
        if (now <= before) {
            throw step.error(key, "must be greater than in the step before, found " + step.text(key, ""));
        }
    }
}
