package org.narthex.promql;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code queries.active} in the data folder: what is being evaluated, so that after a crash the log tells which queries did not end.
 * Laid out as Prometheus lays it out ({@code promql/query_logger.go}): a bracket, then places of 1000 bytes, each with a JSON object and a
 * comma, or zeros. What a process wrote survives its end, whatever ends it; a power cut may lose it. Thread-safe; its monitor guards all.
 */
final class ActiveQueryLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveQueryLog.class);
    private static final int PLACE_BYTES = 1000;

    private final RandomAccessFile file;
    private final Deque<Integer> free = new ArrayDeque<>();

    private ActiveQueryLog(RandomAccessFile file, int places) throws IOException {
        this.file = file;
        file.setLength(0);
        file.setLength(1L + (long) places * PLACE_BYTES);
        file.write('[');
        for (int place = 0; place < places; place++) {
            free.add(place);
        }
    }

    /**
     * Logs what an earlier process left unfinished and begins anew.
     *
     * @param folder the data folder; made if it is not there
     * @param places the most queries at once
     */
    static ActiveQueryLog open(Path folder, int places) throws IOException {
        Files.createDirectories(folder);
        Path path = folder.resolve("queries.active");
        String unfinished = Files.exists(path) ? unfinished(Files.readAllBytes(path)) : "";
        if (!unfinished.isEmpty()) {
            LOG.info("These queries didn't finish in the last run: [{}]", unfinished);
        }
        return new ActiveQueryLog(new RandomAccessFile(path.toFile(), "rw"), places);
    }

    /** The objects that were left, separated by commas. */
    static String unfinished(byte[] content) {
        StringBuilder found = new StringBuilder();
        for (int start = 1; start < content.length; start += PLACE_BYTES) {
            int end = start;
            while (end < content.length && end < start + PLACE_BYTES && content[end] != 0) {
                end++;
            }
            String entry = new String(content, start, end - start, StandardCharsets.UTF_8);
            if (entry.startsWith("{")) {
                found.append(found.isEmpty() ? "" : ",")
                        .append(entry, 0, entry.endsWith(",") ? entry.length() - 1 : entry.length());
            }
        }
        return found.toString();
    }

    /** Enters a query; returns the place to give to {@link #remove}, or -1 if there is none. */
    synchronized int add(String expression, long nowMs) {
        Integer place = free.poll();
        if (place == null) {
            return -1;
        }
        write(place, entry(expression, nowMs / 1000));
        return place;
    }

    synchronized void remove(int place) {
        if (place >= 0) {
            write(place, new byte[0]);
            free.add(place);
        }
    }

    private void write(int place, byte[] entry) {
        try {
            file.seek(1L + (long) place * PLACE_BYTES);
            file.write(Arrays.copyOf(entry, PLACE_BYTES));
        } catch (IOException e) {
            // The query itself is not to suffer. A full disk is told of by the storage.
            LOG.debug("queries.active was not written", e);
        }
    }

    /** What does not fit is cut off the end of the expression. */
    private static byte[] entry(String expression, long seconds) {
        int length = Math.min(expression.length(), PLACE_BYTES);
        while (true) {
            JsonText json = new JsonText().open();
            json.key("query").string(expression.substring(0, length));
            json.key("timestamp_sec").number(seconds).close();
            byte[] bytes = (json + ",").getBytes(StandardCharsets.UTF_8);
            if (bytes.length <= PLACE_BYTES) {
                return bytes;
            }
            length -= Math.max(1, (bytes.length - PLACE_BYTES) / 6);
            if (length > 0 && Character.isHighSurrogate(expression.charAt(length - 1))) {
                length--;
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
