package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** How the CPUs spend their time, from {@code /proc/stat}; which of them are isolated and how often they were throttled, from {@code /sys}. */
final class CpuCollector implements Collector {
    private static final String FILE = "stat";
    private static final double TICKS_PER_SECOND = 100;
    private static final String[] MODES = {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};
    /** After the modes come the seconds spent in guests. */
    private static final String[] GUEST_MODES = {"user", "nice"};
    /** A fall of more than this is a CPU that was off and begins anew. */
    private static final double MAX_JITTER_SECONDS = 3;

    private final KernelFiles proc;
    private final KernelFiles sys;
    private final boolean guests;
    private final CpuInfo info;
    private final Map<String, double[]> last = new HashMap<>();

    /** @param guests whether the time spent in guests is written */
    CpuCollector(KernelFiles proc, KernelFiles sys, boolean guests, CpuInfo info) {
        this.proc = proc;
        this.sys = sys;
        this.guests = guests;
        this.info = info;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        info.write(sink);
        for (String line : proc.lines(FILE)) {
            if (line.startsWith("cpu") && line.charAt(3) != ' ') {
                List<String> words = KernelFiles.words(line);
                String cpu = words.get(0).substring("cpu".length());
                times(sink, cpu, neverFalling(cpu, seconds(words)));
            }
        }
        isolated(sink);
        CpuThrottles.write(sink, sys);
    }

    private void times(MetricSink sink, String cpu, double[] seconds) {
        sink.family("node_cpu_seconds_total", MetricType.COUNTER, "Seconds the CPUs spent in each mode.");
        for (int i = 0; i < MODES.length; i++) {
            sink.sample("node_cpu_seconds_total", seconds[i], "cpu", cpu, "mode", MODES[i]);
        }
        if (guests) {
            sink.family(
                    "node_cpu_guest_seconds_total",
                    MetricType.COUNTER,
                    "Seconds the CPUs spent in guests (VMs) for each mode.");
            for (int i = 0; i < GUEST_MODES.length; i++) {
                double guest = seconds[MODES.length + i];
                sink.sample("node_cpu_guest_seconds_total", guest, "cpu", cpu, "mode", GUEST_MODES[i]);
            }
        }
    }

    /** The file holds numbers and ranges of them: {@code 1,4-7}. */
    private void isolated(MetricSink sink) throws IOException {
        String file = "devices/system/cpu/isolated";
        sink.family(
                "node_cpu_isolated",
                MetricType.GAUGE,
                "Whether each core is isolated, information from /sys/devices/system/cpu/isolated.");
        for (String range : KernelFiles.words(sys.line(file).orElse("").replace(',', ' '))) {
            int dash = range.indexOf('-');
            int first = (int) KernelFiles.number(file, dash < 0 ? range : range.substring(0, dash));
            int last = (int) KernelFiles.number(file, range.substring(dash + 1));
            for (int cpu = first; cpu <= last; cpu++) {
                sink.sample("node_cpu_isolated", 1, "cpu", Integer.toString(cpu));
            }
        }
    }

    private static double[] seconds(List<String> words) throws IOException {
        double[] seconds = new double[MODES.length + GUEST_MODES.length];
        for (int i = 0; i < seconds.length && i + 1 < words.size(); i++) {
            seconds[i] = KernelFiles.number(FILE, words.get(i + 1)) / TICKS_PER_SECOND;
        }
        return seconds;
    }

    /** The kernel's idle and iowait times now and then go back a little, which would look like a reset of the counter. */
    private synchronized double[] neverFalling(String cpu, double[] now) {
        double[] before = last.get(cpu);
        if (before != null) {
            for (int i = 0; i < now.length; i++) {
                if (now[i] < before[i] && before[i] - now[i] <= MAX_JITTER_SECONDS) {
                    now[i] = before[i];
                }
            }
        }
        last.put(cpu, now);
        return now;
    }
}
