package org.narthex.promql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/**
 * What queries may use, and which parts of the language are switched on.
 *
 * @param lookbackMs how far back an instant selector looks
 * @param timeoutMs the longest time of a query
 * @param maxSamples the most samples one query may hold in memory
 * @param maxBytes the most memory one query may hold
 * @param maxTotalBytes the most memory all queries may hold together
 * @param maxConcurrency the most queries evaluated at once; others wait
 * @param features names given to {@code --enable-feature}
 */
record Limits(
        long lookbackMs,
        long timeoutMs,
        long maxSamples,
        long maxBytes,
        long maxTotalBytes,
        int maxConcurrency,
        Set<String> features) {
    Limits {
        features = Set.copyOf(features);
    }

    /** Limits that leave memory to the limit of samples. */
    Limits(long lookbackMs, long timeoutMs, long maxSamples, int maxConcurrency, Set<String> features) {
        this(lookbackMs, timeoutMs, maxSamples, Long.MAX_VALUE, Long.MAX_VALUE, maxConcurrency, features);
    }

    static Limits of(Flags flags) {
        List<String> features = flags.list(Flag.ENABLE_FEATURE);
        return new Limits(
                flags.durationMs(Flag.QUERY_LOOKBACK),
                flags.durationMs(Flag.QUERY_TIMEOUT),
                flags.integer(Flag.QUERY_MAX_SAMPLES),
                bytes(flags, Flag.QUERY_MAX_BYTES, 4),
                bytes(flags, Flag.QUERY_MAX_TOTAL_BYTES, 2),
                (int) Math.min(Integer.MAX_VALUE, flags.integer(Flag.QUERY_MAX_CONCURRENCY)),
                new HashSet<>(features));
    }

    /** @param share that part of the heap where nothing is said */
    private static long bytes(Flags flags, Flag flag, int share) {
        long bytes = flags.bytes(flag);
        return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory() / share;
    }

    boolean has(String feature) {
        return features.contains(feature);
    }
}
