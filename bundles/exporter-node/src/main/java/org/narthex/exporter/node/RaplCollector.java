package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.scrape.MetricSink;

/** Energy used by parts of the processor, from {@code /sys/class/powercap}; newer kernels let root alone read it. */
final class RaplCollector implements Collector {
    private static final String FOLDER = "class/powercap";
    private static final double MICRO = 1e6;
    private static final Pattern NUMBERED = Pattern.compile("(.*)-(\\d+)");

    private final KernelFiles sys;
    private final boolean zoneAsLabel;

    /** @param zoneAsLabel whether there is one family for all zones */
    RaplCollector(KernelFiles sys, boolean zoneAsLabel) {
        this.sys = sys;
        this.zoneAsLabel = zoneAsLabel;
    }

    @Override
    public String name() {
        return "rapl";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        Map<String, Integer> seen = new HashMap<>();
        for (String zone : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + zone;
            if (zone.startsWith("intel-rapl:")) {
                // Some names bring their number; others are counted.
                String name = sys.text(folder + "/name").strip();
                Matcher numbered = NUMBERED.matcher(name);
                boolean hasNumber = numbered.matches();
                String plain = (hasNumber ? numbered.group(1) : name).replace('-', '_');
                int count = seen.merge(plain, 1, Integer::sum) - 1;
                String index = hasNumber ? numbered.group(2) : Integer.toString(count);
                write(sink, plain, index, sys.file(folder).getPath(), sys.number(folder + "/energy_uj") / MICRO);
            }
        }
    }

    private void write(MetricSink sink, String zone, String index, String path, double joules) {
        if (zoneAsLabel) {
            sink.counter(
                    "node_rapl_joules_total",
                    "Current RAPL value in joules",
                    joules,
                    "index",
                    index,
                    "path",
                    path,
                    "rapl_zone",
                    zone);
        } else {
            sink.counter(
                    "node_rapl_" + zone + "_joules_total",
                    "Current RAPL " + zone + " value in joules",
                    joules,
                    "index",
                    index,
                    "path",
                    path);
        }
    }
}
