package org.narthex.tsdb.compact;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.config.StorageConfig.Downsampling;
import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.storage.SampleBuffer;

/**
 * What retention policies leave of the samples, as of one moment. The first policy whose matchers all match a series counts for it. A sample is gone
 * when it is older than the policy keeps any; of a window of downsampling that lies wholly behind its age, the last sample stays, be it a value or
 * a staleness marker, of several such windows that of the coarsest. Immutable.
 */
public final class PolicyFilter {
    private final List<RetentionPolicy> policies;
    private final long newestMs;

    /** @param newestMs the newest sample of the database, which ages are counted from */
    public PolicyFilter(List<RetentionPolicy> policies, long newestMs) {
        this.policies = List.copyOf(policies);
        this.newestMs = newestMs;
    }

    public boolean isEmpty() {
        return policies.isEmpty();
    }

    public List<RetentionPolicy> policies() {
        return policies;
    }

    /** The policy that counts for a series. */
    public Optional<RetentionPolicy> policy(Labels labels) {
        for (RetentionPolicy policy : policies) {
            if (policy.matchers().stream().allMatch(matcher -> matcher.matches(labels))) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }

    /** Takes out of all samples of a series in a block what the policy does not leave; times ascend. */
    void apply(RetentionPolicy policy, SampleBuffer samples) {
        long[] times = samples.timestampsMs();
        int kept = 0;
        for (int i = 0; i < samples.size(); i++) {
            boolean isLast = i + 1 == samples.size();
            if (isKept(policy, times[i], isLast ? Long.MAX_VALUE : times[i + 1], isLast)) {
                if (kept != i) {
                    samples.move(i, kept);
                }
                kept++;
            }
        }
        samples.truncate(kept);
    }

    private boolean isKept(RetentionPolicy policy, long time, long next, boolean isLast) {
        if (policy.keepMs().isPresent() && time < newestMs - policy.keepMs().getAsLong()) {
            return false;
        }
        List<Downsampling> steps = policy.downsampling();
        for (int i = steps.size() - 1; i >= 0; i--) {
            long windowEnd = windowEnd(time, steps.get(i));
            if (windowEnd <= newestMs - steps.get(i).afterMs()) {
                return isLast || next >= windowEnd;
            }
        }
        return true;
    }

    /** Exclusive. */
    private static long windowEnd(long time, Downsampling step) {
        return Math.floorDiv(time, step.resolutionMs()) * step.resolutionMs() + step.resolutionMs();
    }

    /**
     * The policies' steps that everything before the given time is subject to. A block that ends there and has gone through them need not be
     * written again for them. The names change with the policies.
     *
     * @param endMs exclusive
     */
    public Set<String> steps(long endMs) {
        Set<String> steps = new LinkedHashSet<>();
        StringBuilder text = new StringBuilder();
        for (RetentionPolicy policy : policies) {
            // What a policy applies to depends on those before it.
            for (Matcher matcher : policy.matchers()) {
                text.append(matcher).append(',');
            }
            text.append('\n');
            String name = digest(text.toString());
            if (policy.keepMs().isPresent()
                    && endMs <= newestMs - policy.keepMs().getAsLong()) {
                steps.add(name + " keep " + PromDuration.format(policy.keepMs().getAsLong()));
            }
            for (Downsampling step : policy.downsampling()) {
                if (windowEnd(endMs - 1, step) <= newestMs - step.afterMs()) {
                    steps.add(name + " every " + PromDuration.format(step.resolutionMs()) + " after "
                            + PromDuration.format(step.afterMs()));
                }
            }
        }
        return steps;
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
