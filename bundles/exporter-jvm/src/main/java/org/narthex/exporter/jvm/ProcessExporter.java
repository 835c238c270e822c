package org.narthex.exporter.jvm;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The {@code process_*} metrics that all Prometheus clients have. They come from {@code /proc}, not from the platform's MBeans: reading three small
 * files costs less than starting those. Where there is no {@code /proc}, only what the JVM knows by itself is written.
 */
@Component(property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class ProcessExporter implements Exporter {
    /** Linux gives CPU times to programs in hundredths of a second, whatever the kernel counts in. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int MAX_FILE_BYTES = 16 * 1024;

    private final Path proc;
    private final double startTimeSeconds;

    @Activate
    public ProcessExporter() {
        this(
                Path.of("/proc/self"),
                ProcessHandle.current().info().startInstant().orElseGet(Instant::now));
    }

    ProcessExporter(Path proc, Instant startTime) {
        this.proc = proc;
        startTimeSeconds = startTime.toEpochMilli() / 1e3;
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        sink.gauge(
                "process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                startTimeSeconds);
        if (Files.isDirectory(proc)) {
            // All is read before the first family is written, so that a failure leaves none half done.
            String[] stat = stat();
            double resident = 1024 * number(line("status", "VmRSS:"));
            double maxFiles = number(line("limits", "Max open files"));
            String[] openFiles = proc.resolve("fd").toFile().list();
            sink.counter(
                    "process_cpu_seconds_total",
                    "Total user and system CPU time spent in seconds.",
                    (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / TICKS_PER_SECOND);
            sink.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", Double.parseDouble(stat[20]));
            sink.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", resident);
            sink.gauge("process_max_fds", "Maximum number of open file descriptors.", maxFiles);
            if (openFiles != null) {
                sink.gauge("process_open_fds", "Number of open file descriptors.", openFiles.length);
            }
        } else {
            ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .ifPresent(duration -> sink.counter(
                            "process_cpu_seconds_total",
                            "Total user and system CPU time spent in seconds.",
                            duration.toMillis() / 1e3));
        }
    }

    /** The fields of {@code stat} from the third on: the second is the command's name, which may hold blanks and brackets itself. */
    private String[] stat() throws IOException {
        String text = text("stat");
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }

    /** The rest of the line that starts with the key; empty if there is none. */
    private String line(String file, String key) throws IOException {
        String text = text(file);
        int start = text.startsWith(key) ? 0 : text.indexOf("\n" + key) + 1;
        if (!text.startsWith(key, start)) {
            return "";
        }
        int end = text.indexOf('\n', start);
        return text.substring(start + key.length(), end < 0 ? text.length() : end);
    }

    /** Such files say that their size is 0: a first read of some size gets all of them at once, and so as of one moment. */
    private String text(String file) throws IOException {
        try (InputStream in = new FileInputStream(proc.resolve(file).toFile())) {
            return new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    /** The first number of the text; infinite if it says {@code unlimited}, NaN if it says nothing. */
    private static double number(String text) {
        String[] words = text.strip().split("\\s+");
        return switch (words[0]) {
            case "" -> Double.NaN;
            case "unlimited" -> Double.POSITIVE_INFINITY;
            default -> Double.parseDouble(words[0]);
        };
    }
}
