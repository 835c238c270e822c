package org.narthex.exporter.node;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The clock, its zone and what drives it. */
final class TimeCollector implements Collector {
    private static final String SOURCES = "devices/system/clocksource/clocksource0/";

    private final KernelFiles sys;
    private final InstantSource clock;

    TimeCollector(KernelFiles sys, InstantSource clock) {
        this.sys = sys;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public void collect(MetricSink sink) {
        long now = clock.millis();
        TimeZone zone = TimeZone.getDefault();
        boolean daylight = zone.getOffset(now) != zone.getRawOffset();
        sink.gauge("node_time_seconds", "System time in seconds since epoch (1970).", now / 1e3);
        sink.gauge(
                "node_time_zone_offset_seconds",
                "System time zone offset in seconds.",
                zone.getOffset(now) / 1e3,
                "time_zone",
                zone.getDisplayName(daylight, TimeZone.SHORT, Locale.ROOT));
        Optional<String> available = sys.line(SOURCES + "available_clocksource");
        Optional<String> current = sys.line(SOURCES + "current_clocksource");
        if (available.isPresent() && current.isPresent()) {
            sources(
                    sink,
                    "node_time_clocksource_available_info",
                    "Available clocksources read from '/sys/devices/system/clocksource'.",
                    KernelFiles.words(available.get()));
            sources(
                    sink,
                    "node_time_clocksource_current_info",
                    "Current clocksource read from '/sys/devices/system/clocksource'.",
                    List.of(current.get()));
        }
    }

    private static void sources(MetricSink sink, String name, String help, List<String> sources) {
        sink.family(name, MetricType.GAUGE, help);
        for (String source : sources) {
            sink.sample(name, 1, "clocksource", source, "device", "0");
        }
    }
}
