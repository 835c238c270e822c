package org.narthex.scrape;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.PromDuration;
import org.narthex.api.scrape.Exporter;

/** Makes targets out of what was discovered: defaults, relabelling, validation. */
final class TargetBuilder {
    static final String INTERVAL = "__scrape_interval__";
    static final String TIMEOUT = "__scrape_timeout__";
    private static final String ADDRESS = "__address__";
    private static final String PATH = "__metrics_path__";
    private static final String SCHEME = "__scheme__";
    private static final String PARAM = "__param_";
    private static final String NATIVE = "__scrape_native_histograms__";
    private static final String ALWAYS_CLASSIC = "__always_scrape_classic_histograms__";
    private static final String CONVERT = "__convert_classic_histograms_to_nhcb__";
    private static final String META = "__meta_";
    private static final String PLAIN_IN_PATH = "-._~!$&'()*+,;=:@/";

    private final ScrapeConfig config;

    TargetBuilder(ScrapeConfig config) {
        this.config = config;
    }

    /** The labels as the user finds them before relabelling: the target's own, its group's, then defaults. */
    Labels discovered(Labels target, Labels group) {
        Labels.Builder builder = target.toBuilder();
        for (int i = 0; i < group.size(); i++) {
            setMissing(builder, group.name(i), group.value(i));
        }
        setMissing(builder, "job", config.jobName());
        setMissing(builder, INTERVAL, PromDuration.format(config.scrapeIntervalMs()));
        setMissing(builder, TIMEOUT, PromDuration.format(config.scrapeTimeoutMs()));
        setMissing(builder, PATH, config.metricsPath());
        setMissing(builder, SCHEME, config.scheme());
        HistogramModes modes = HistogramModes.of(config.exposition());
        setMissing(builder, NATIVE, Boolean.toString(modes.nativeOnes()));
        setMissing(builder, ALWAYS_CLASSIC, Boolean.toString(modes.alwaysClassic()));
        setMissing(builder, CONVERT, Boolean.toString(modes.convertClassic()));
        config.params().forEach((name, values) -> {
            if (!values.isEmpty()) {
                setMissing(builder, PARAM + name, values.get(0));
            }
        });
        return builder.build();
    }

    private static void setMissing(Labels.Builder builder, String name, String value) {
        if (builder.get(name).isEmpty()) {
            builder.set(name, value);
        }
    }

    /**
     * @return empty if relabelling drops the target
     * @throws IllegalArgumentException it cannot be scraped; the message says why
     */
    Optional<Target> build(Labels discovered) {
        Optional<Labels> relabelled = RelabelConfig.apply(discovered, config.relabelConfigs());
        if (relabelled.isEmpty()) {
            return Optional.empty();
        }
        Labels labels = relabelled.get().without(name -> name.startsWith(META));
        if (labels.get(ADDRESS).isEmpty() && !labels.get(Target.UNIX_SOCKET).isEmpty()) {
            labels = labels.toBuilder().set(ADDRESS, "localhost").build();
        }
        String address = labels.get(ADDRESS);
        if (address.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        if (address.indexOf('/') >= 0) {
            throw new IllegalArgumentException("\"" + address + "\" is not a valid hostname");
        }
        long interval = duration(labels, INTERVAL, "scrape interval");
        long timeout = duration(labels, TIMEOUT, "scrape timeout");
        if (timeout > interval) {
            throw new IllegalArgumentException("scrape timeout cannot be greater than scrape interval (\""
                    + labels.get(TIMEOUT) + "\" > \"" + labels.get(INTERVAL) + "\")");
        }
        if (labels.get("instance").isEmpty()) {
            labels = labels.toBuilder().set("instance", address).build();
        }
        String exporter = labels.get(Exporter.TARGET_LABEL);
        return Optional.of(new Target(
                discovered,
                labels,
                labels.without(name -> name.startsWith("__")),
                exporter.isEmpty() ? url(labels) : "exporter://" + exporter,
                exporter,
                new HistogramModes(bool(labels, NATIVE), bool(labels, ALWAYS_CLASSIC), bool(labels, CONVERT)),
                interval,
                timeout));
    }

    private static long duration(Labels labels, String name, String what) {
        long ms;
        try {
            ms = PromDuration.parse(labels.get(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("error parsing " + what + ": " + e.getMessage(), e);
        }
        if (ms == 0) {
            throw new IllegalArgumentException(what + " cannot be 0");
        }
        return ms;
    }

    /** In the spellings that Go knows; without the label nothing is turned on. */
    private static boolean bool(Labels labels, String name) {
        String value = labels.get(name);
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "", "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw new IllegalArgumentException(
                        "error parsing " + name + ": \"" + value + "\" is neither true nor false");
        };
    }

    private String url(Labels labels) {
        StringBuilder url = new StringBuilder();
        url.append(labels.get(SCHEME)).append("://").append(labels.get(ADDRESS));
        String path = labels.get(PATH);
        if (!path.startsWith("/")) {
            url.append('/');
        }
        appendPath(url, path);
        char separator = '?';
        for (Map.Entry<String, List<String>> param : params(labels).entrySet()) {
            for (String value : param.getValue()) {
                url.append(separator)
                        .append(encoded(param.getKey()))
                        .append('=')
                        .append(encoded(value));
                separator = '&';
            }
        }
        return url.toString();
    }

    /** The configured parameters; a label replaces the first value of its own. */
    private Map<String, List<String>> params(Labels labels) {
        Map<String, List<String>> params = new TreeMap<>(config.params());
        for (int i = 0; i < labels.size(); i++) {
            if (labels.name(i).startsWith(PARAM)) {
                String name = labels.name(i).substring(PARAM.length());
                List<String> values = new ArrayList<>(params.getOrDefault(name, List.of()));
                if (values.isEmpty()) {
                    values.add(labels.value(i));
                } else {
                    values.set(0, labels.value(i));
                }
                params.put(name, values);
            }
        }
        return params;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void appendPath(StringBuilder out, String path) {
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean alphanumeric = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
            if (alphanumeric || PLAIN_IN_PATH.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(hex(b >> 4)).append(hex(b));
            }
        }
    }

    private static char hex(int nibble) {
        return "0123456789ABCDEF".charAt(nibble & 15);
    }
}
