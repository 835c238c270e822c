package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** {@code node_cpu_seconds_total} from {@code /proc/stat}. */
final class CpuCollector implements Collector {
    private static final String FILE = "stat";
    private static final double TICKS_PER_SECOND = 100;
    private static final String[] MODES = {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};
    /** After the modes come the seconds spent in guests. */
    private static final String[] GUEST_MODES = {"user", "nice"};
    /** A fall of more than this is a CPU that was off and begins anew. */
    private static final double MAX_JITTER_SECONDS = 3;

    private final KernelFiles proc;
    private final Map<String, double[]> last = new HashMap<>();

    CpuCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        // Seconds by mode, then by guest mode.
        Map<String, double[]> cpus = new LinkedHashMap<>();
        for (String line : proc.lines(FILE)) {
            List<String> words = KernelFiles.words(line);
            if (line.startsWith("cpu") && line.charAt(3) != ' ') {
                String cpu = words.get(0).substring("cpu".length());
                cpus.put(cpu, neverFalling(cpu, seconds(words)));
            }
        }
        sink.family("node_cpu_seconds_total", MetricType.COUNTER, "Seconds the CPUs spent in each mode.");
        cpus.forEach((cpu, seconds) -> {
            for (int i = 0; i < MODES.length; i++) {
                sink.sample("node_cpu_seconds_total", seconds[i], "cpu", cpu, "mode", MODES[i]);
            }
        });
        sink.family(
                "node_cpu_guest_seconds_total",
                MetricType.COUNTER,
                "Seconds the CPUs spent in guests (VMs) for each mode.");
        cpus.forEach((cpu, seconds) -> {
            for (int i = 0; i < GUEST_MODES.length; i++) {
                double guest = seconds[MODES.length + i];
                sink.sample("node_cpu_guest_seconds_total", guest, "cpu", cpu, "mode", GUEST_MODES[i]);
            }
        });
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
