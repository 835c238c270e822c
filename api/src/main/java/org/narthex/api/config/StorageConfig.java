package org.narthex.api.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.narthex.api.model.Matcher;

/**
 * The section {@code storage} of the configuration. Times in milliseconds, sizes in bytes.
 *
 * @param outOfOrderWindowMs how far behind the newest sample of the head samples are still taken; 0 for in-order samples only
 * @param staleSeriesThreshold share of stale series, 0 to 1, from which on they are moved out of the head early; 0 turns that off
 * @param xor2 whether new chunks of floats are written in the XOR2 encoding; empty where nothing is said
 * @param retention empty where the section is left out: then the command line flags count
 * @param retentionPolicies rules of Narthex' own, in the order of the file; for a series, the first one that matches counts
 * @param maxExemplars how many exemplars are kept in all
 */
public record StorageConfig(
        long outOfOrderWindowMs,
        double staleSeriesThreshold,
        Optional<Boolean> xor2,
        Optional<Retention> retention,
        List<RetentionPolicy> retentionPolicies,
        long maxExemplars) {
    /** Exemplars kept where nothing is said. */
    public static final long DEFAULT_MAX_EXEMPLARS = 100_000;

    public StorageConfig {
        retentionPolicies = List.copyOf(retentionPolicies);
    }

    /** Where the section is left out. */
    public static final StorageConfig DEFAULT =
            new StorageConfig(0, 0, Optional.empty(), Optional.empty(), List.of(), DEFAULT_MAX_EXEMPLARS);

    /**
     * When whole blocks go; 0 turns a bound off.
     *
     * @param percentage of the file system's size, 0 to 100; if not 0, it counts instead of {@code bytes}
     */
    public record Retention(long timeMs, long bytes, double percentage) {}

    /**
     * How long samples of some series are kept, and how finely.
     *
     * @param matchers all of them must match; not empty
     * @param keepMs how far behind the newest sample they are kept; empty for as long as everything else
     * @param downsampling in ascending order of age
     */
    public record RetentionPolicy(List<Matcher> matchers, OptionalLong keepMs, List<Downsampling> downsampling) {
        public RetentionPolicy {
            matchers = List.copyOf(matchers);
            downsampling = List.copyOf(downsampling);
        }
    }

    /** Of samples older than {@code afterMs} only the last one within each {@code resolutionMs}, counted from the epoch, is kept. */
    public record Downsampling(long afterMs, long resolutionMs) {}
}
