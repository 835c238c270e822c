package org.narthex.exporter.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts of file nodes. The JDK has no way to them, so {@code stat -f} is run; at most once a minute, because they change slowly and starting a
 * program costs more than all the rest of a scrape. Where there is no such program there are no counts.
 */
final class Inodes {
    private static final long KEPT_MS = 60_000;
    private static final long TIMEOUT_MS = 2_000;

    private final String program;
    private final InstantSource clock;
    private List<String> askedFor = List.of();
    private long askedAtMs;
    private Map<String, Counts> counts = Map.of();

    Inodes(String program, InstantSource clock) {
        this.program = program;
        this.clock = clock;
    }

    record Counts(double files, double free) {}

    /** The counts by mount point, as of the last minute. */
    synchronized Map<String, Counts> counts(List<String> mountPoints) throws InterruptedException {
        long now = clock.millis();
        if (!mountPoints.equals(askedFor) || now - askedAtMs >= KEPT_MS) {
            counts = mountPoints.isEmpty() ? Map.of() : ask(mountPoints);
            askedFor = List.copyOf(mountPoints);
            askedAtMs = now;
        }
        return counts;
    }

    private Map<String, Counts> ask(List<String> mountPoints) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, "-f", "-c", "%c %d", "--"));
        command.addAll(mountPoints);
        Process process = null;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // One short line each fits into the pipe, so waiting before reading cannot block the program.
            if (!process.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                return Map.of();
            }
            try (BufferedReader reader = process.inputReader()) {
                return parse(mountPoints, reader.lines().toList());
            }
        } catch (IOException e) {
            return Map.of();
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private static Map<String, Counts> parse(List<String> mountPoints, List<String> lines) throws IOException {
        Map<String, Counts> counts = new HashMap<>();
        for (int i = 0; i < Math.min(mountPoints.size(), lines.size()); i++) {
            List<String> words = KernelFiles.words(lines.get(i));
            if (words.size() == 2) {
                counts.put(
                        mountPoints.get(i),
                        new Counts(KernelFiles.number("stat", words.get(0)), KernelFiles.number("stat", words.get(1))));
            }
        }
        return counts;
    }
}
