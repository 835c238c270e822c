package org.narthex.exporter.node;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The operating system's name and version, from {@code /etc/os-release}. */
final class OsCollector implements Collector {
    private static final List<String> FILES = List.of("etc/os-release", "usr/lib/os-release");
    /** Keys of the file in lower case. */
    private static final List<String> LABELS = List.of(
            "build_id",
            "id",
            "id_like",
            "image_id",
            "image_version",
            "name",
            "pretty_name",
            "variant",
            "variant_id",
            "version",
            "version_codename",
            "version_id");

    private static final Pattern LINE = Pattern.compile("([A-Z_]+)=(?:\"(.*)\"|'(.*)'|(.*))");
    private static final Pattern VERSION = Pattern.compile("^[0-9]+\\.?[0-9]*");

    private final KernelFiles root;

    OsCollector(KernelFiles root) {
        this.root = root;
    }

    @Override
    public String name() {
        return "os";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, String> release = release();
        sink.family(
                "node_os_info",
                MetricType.GAUGE,
                "A metric with a constant '1' value labeled by " + String.join(", ", LABELS) + ".");
        sink.sample("node_os_info", 1, labels(release, LABELS));
        Matcher version = VERSION.matcher(release.getOrDefault("version_id", ""));
        if (version.find()) {
            sink.gauge(
                    "node_os_version",
                    "Metric containing the major.minor part of the OS version.",
                    Double.parseDouble(version.group()),
                    labels(release, List.of("id", "id_like", "name")));
        }
        String end = release.getOrDefault("support_end", "");
        if (!end.isEmpty()) {
            sink.gauge(
                    "node_os_support_end_timestamp_seconds",
                    "Metric containing the end-of-life date timestamp of the OS.",
                    secondsOf(end));
        }
    }

    private Map<String, String> release() throws IOException {
        for (String file : FILES) {
            if (root.file(file).exists()) {
                Map<String, String> release = new HashMap<>();
                for (String line : root.lines(file)) {
                    Matcher parts = LINE.matcher(line.strip());
                    if (parts.matches()) {
                        int quoting = parts.group(2) != null ? 2 : parts.group(3) != null ? 3 : 4;
                        String value = parts.group(quoting);
                        release.put(
                                parts.group(1).toLowerCase(Locale.ROOT),
                                quoting == 2 ? value.replaceAll("\\\\(.)", "$1") : value);
                    }
                }
                return release;
            }
        }
        throw new NoDataException(FILES.get(0));
    }

    private static String[] labels(Map<String, String> release, List<String> names) {
        String[] labels = new String[2 * names.size()];
        for (int i = 0; i < names.size(); i++) {
            labels[2 * i] = names.get(i);
            labels[2 * i + 1] = release.getOrDefault(names.get(i), "");
        }
        return labels;
    }

    private static double secondsOf(String date) throws IOException {
        try {
            return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        } catch (DateTimeParseException e) {
            throw new IOException("os-release: SUPPORT_END is no date: \"" + date + "\"", e);
        }
    }
}
