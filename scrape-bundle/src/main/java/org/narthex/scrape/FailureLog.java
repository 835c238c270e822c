package org.narthex.scrape;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line of JSON for each failed scrape to the file of its job. Thread-safe; a file is opened by the first failure and again after
 * {@link #close}.
 */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final Map<String, Writer> open = new HashMap<>();
    /** What could not be written to; complained about once until {@link #close}. */
    private final Set<String> broken = new HashSet<>();

    /** @param file empty for none */
    synchronized void log(String file, String job, String target, String error, long timeMs) {
        if (file.isEmpty() || broken.contains(file)) {
            return;
        }
        try {
            Writer writer = open.get(file);
            if (writer == null) {
                writer = Files.newBufferedWriter(
                        Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
                open.put(file, writer);
            }
            writer.write("{\"time\":\"" + Instant.ofEpochMilli(timeMs) + "\",\"level\":\"ERROR\",\"msg\":"
                    + quoted(error) + ",\"job_name\":" + quoted(job) + ",\"target\":" + quoted(target) + "}\n");
            writer.flush();
        } catch (IOException e) {
            broken.add(file);
            LOG.warn("cannot write failed scrapes of job {} to {}: {}", job, file, e.toString());
        }
    }

    /** Lets go of all files. */
    synchronized void close() {
        open.forEach((file, writer) -> {
            try {
                writer.close();
            } catch (IOException e) {
                LOG.warn("cannot close {}: {}", file, e.toString());
            }
        });
        open.clear();
        broken.clear();
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
