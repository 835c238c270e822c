package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Watchdogs from {@code /sys/class/watchdog}. */
final class WatchdogCollector implements Collector {
    private static final String FOLDER = "class/watchdog";

    private static final List<Attribute> NUMBERS = List.of(
            number("bootstatus", "bootstatus"),
            number("fw_version", "fw_version"),
            number("nowayout", "nowayout"),
            number("timeleft", "timeleft_seconds"),
            number("timeout", "timeout_seconds"),
            number("pretimeout", "pretimeout_seconds"),
            number("access_cs0", "access_cs0"));

    private final KernelFiles sys;

    WatchdogCollector(KernelFiles sys) {
        this.sys = sys;
    }

    private static Attribute number(String file, String name) {
        return Attribute.gauge(file, "node_watchdog_" + name, "Value of /sys/class/watchdog/<watchdog>/" + file, 1);
    }

    @Override
    public String name() {
        return "watchdog";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (String watchdog : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + watchdog;
            NUMBERS.forEach(number -> number.write(sink, sys, folder, "name", watchdog));
            sink.family("node_watchdog_info", MetricType.GAUGE, "Info of /sys/class/watchdog/<watchdog>");
            sink.sample(
                    "node_watchdog_info",
                    1,
                    "name",
                    watchdog,
                    "options",
                    text(folder, "options"),
                    "identity",
                    text(folder, "identity"),
                    "state",
                    text(folder, "state"),
                    "status",
                    text(folder, "status"),
                    "pretimeout_governor",
                    text(folder, "pretimeout_governor"));
        }
    }

    private String text(String folder, String file) {
        return sys.line(folder + "/" + file).orElse("");
    }
}
