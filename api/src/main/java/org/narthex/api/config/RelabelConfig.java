package org.narthex.api.config;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Regex;

/**
 * One relabelling step, and how it is done. It is here because targets, samples, alerts and remote writes are all relabelled alike.
 *
 * @param sourceLabels whose values are joined by the separator
 * @param modulus of {@code hashmod}, else 0
 */
public record RelabelConfig(
        List<String> sourceLabels,
        String separator,
        String targetLabel,
        Regex regex,
        long modulus,
        String replacement,
        Action action) {
    /** What a step does. */
    public enum Action {
        REPLACE,
        KEEP,
        DROP,
        KEEPEQUAL,
        DROPEQUAL,
        HASHMOD,
        LOWERCASE,
        UPPERCASE,
        LABELMAP,
        LABELDROP,
        LABELKEEP
    }

    public RelabelConfig {
        sourceLabels = List.copyOf(sourceLabels);
    }

    /**
     * Applies the steps in order.
     *
     * @return the new labels; empty if a step dropped them or none is left
     */
    public static Optional<Labels> apply(Labels labels, List<RelabelConfig> steps) {
        if (steps.isEmpty()) {
            return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
        }
        Labels.Builder builder = labels.toBuilder();
        for (RelabelConfig step : steps) {
            if (!step.apply(builder)) {
                return Optional.empty();
            }
        }
        Labels result = builder.build();
        return result.isEmpty() ? Optional.empty() : Optional.of(result);
    }

    /** Applies this step; false if it drops the labels. */
    private boolean apply(Labels.Builder labels) {
        switch (action) {
            case KEEP -> {
                return regex.matches(joined(labels));
            }
            case DROP -> {
                return !regex.matches(joined(labels));
            }
            case KEEPEQUAL -> {
                return labels.get(targetLabel).equals(joined(labels));
            }
            case DROPEQUAL -> {
                return !labels.get(targetLabel).equals(joined(labels));
            }
            case REPLACE -> replace(labels);
            case HASHMOD -> labels.set(targetLabel, hashMod(joined(labels)));
            case LOWERCASE -> labels.set(targetLabel, joined(labels).toLowerCase(Locale.ROOT));
            case UPPERCASE -> labels.set(targetLabel, joined(labels).toUpperCase(Locale.ROOT));
            case LABELMAP -> labelMap(labels);
            case LABELDROP -> keepNames(labels, false);
            case LABELKEEP -> keepNames(labels, true);
        }
        return true;
    }

    private String joined(Labels.Builder labels) {
        if (sourceLabels.size() == 1) {
            return labels.get(sourceLabels.get(0));
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < sourceLabels.size(); i++) {
            if (i > 0) {
                out.append(separator);
            }
            out.append(labels.get(sourceLabels.get(i)));
        }
        return out.toString();
    }

    private void replace(Labels.Builder labels) {
        String value = joined(labels);
        Optional<String> target = regex.expand(value, targetLabel);
        if (target.isPresent() && !target.get().isEmpty()) {
            labels.set(target.get(), regex.expand(value, replacement).orElseThrow());
        }
    }

    private String hashMod(String value) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
            // The last eight bytes, as an unsigned number.
            BigInteger hash = new BigInteger(1, java.util.Arrays.copyOfRange(digest, 8, 16));
            return hash.mod(BigInteger.valueOf(modulus)).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }

    private void labelMap(Labels.Builder labels) {
        Labels before = labels.build();
        for (int i = 0; i < before.size(); i++) {
            Optional<String> name = regex.expand(before.name(i), replacement);
            if (name.isPresent() && !name.get().isEmpty()) {
                labels.set(name.get(), before.value(i));
            }
        }
    }

    private void keepNames(Labels.Builder labels, boolean matching) {
        Labels before = labels.build();
        for (int i = 0; i < before.size(); i++) {
            if (regex.matches(before.name(i)) != matching) {
                labels.remove(before.name(i));
            }
        }
    }
}
