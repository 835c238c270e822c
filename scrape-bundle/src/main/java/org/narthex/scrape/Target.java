package org.narthex.scrape;

import java.util.Optional;

import org.narthex.api.model.Labels;

/**
 * Something to scrape, as relabelling left it.
 *
 * @param discoveredLabels before relabelling, with the defaults filled in
 * @param labels after relabelling, with those that start with {@code __}, without {@code __meta_}
 * @param publicLabels those that go onto each sample
 * @param url what is fetched; for an in-process target {@code exporter://name}
 * @param exporter the name of the exporters of an in-process target; empty for one that is fetched over HTTP
 */
record Target(
        Labels discoveredLabels,
        Labels labels,
        Labels publicLabels,
        String url,
        String exporter,
        HistogramModes histograms,
        long intervalMs,
        long timeoutMs) {
    /** A label by which a job's targets say how many series the job may have; never on samples. */
    static final String SERIES_BUDGET = "__series_budget__";

    static final String UNIX_SOCKET = "__unix_socket__";

    /** What makes two targets the same one: how often it is scraped does not matter. */
    record Key(Labels labels, String url) {}

    Key key() {
        return new Key(
                labels.without(name -> name.equals(TargetBuilder.INTERVAL) || name.equals(TargetBuilder.TIMEOUT)), url);
    }

    /** How many series the target's job may have, if the target says so; nothing that is no number. */
    Optional<Long> seriesBudget() {
        String budget = labels.get(SERIES_BUDGET);
        return budget.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(budget)) : Optional.empty();
    }

    /** The file of the Unix socket the target listens on; empty for a network address. */
    String unixSocket() {
        return labels.get(UNIX_SOCKET);
    }

    boolean isInProcess() {
        return !exporter.isEmpty();
    }

    /** Where in its interval the target is scraped: spread evenly, the same at each start. */
    long phaseMs(long seed) {
        long h = seed;
        Key key = key();
        for (int i = 0; i < key.labels().size(); i++) {
            h = mix(mix(h, key.labels().name(i)), key.labels().value(i));
        }
        h = mix(h, url);
        h ^= h >>> 32;
        return Math.floorMod((h * 0x9E3779B97F4A7C15L) >>> 1, intervalMs);
    }

    private static long mix(long h, String text) {
        long x = h;
        for (int i = 0; i < text.length(); i++) {
            x = (x ^ text.charAt(i)) * 0x100000001b3L;
        }
        return (x ^ 0xff) * 0x100000001b3L;
    }
}
