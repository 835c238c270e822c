package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a {@link CrashWorkload} told, and what a database must have therefore. */
final class CrashLog {
    private enum Outcome {
        OK,
        REFUSED,
        UNKNOWN
    }

    /** A batch, or a deletion: its segments are those of the logs that were the last when it was acknowledged. */
    private static final class Deed {
        final int batch;
        final long fromMs;
        final long toMs;
        Outcome outcome = Outcome.UNKNOWN;
        int wal = Integer.MAX_VALUE;
        int wbl = Integer.MAX_VALUE;

        Deed(int batch, long fromMs, long toMs) {
            this.batch = batch;
            this.fromMs = fromMs;
            this.toMs = toMs;
        }

        boolean isDeletion() {
            return batch < 0;
        }
    }

    /** A sample and how it came. */
    record Came(String series, long timeMs, boolean isLate, int walSegment, int wblSegment) {}

    /** What damage may have cost. */
    interface Loss {
        boolean mayMiss(Came sample);

        /** Whether what was deleted there may be back. */
        boolean mayBeBack(long timeMs, int walSegment);
    }

    static final Loss NO_LOSS = new Loss() {
        @Override
        public boolean mayMiss(Came sample) {
            return false;
        }

        @Override
        public boolean mayBeBack(long timeMs, int walSegment) {
            return false;
        }
    };

    private final List<Deed> deeds = new ArrayList<>();

    void line(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "B" -> deeds.add(new Deed(Integer.parseInt(words[1]), 0, 0));
            case "D" -> deeds.add(new Deed(-1, Long.parseLong(words[1]), Long.parseLong(words[2])));
            case "ok" -> {
                last().outcome = Outcome.OK;
                last().wal = Integer.parseInt(words[1]);
                last().wbl = Integer.parseInt(words[2]);
            }
            case "refused" -> last().outcome = Outcome.REFUSED;
            case "unknown" -> last().outcome = Outcome.UNKNOWN;
            default -> throw new AssertionError("the writer said: " + line);
        }
    }

    private Deed last() {
        return deeds.get(deeds.size() - 1);
    }

    int nextBatch() {
        int next = 0;
        for (Deed deed : deeds) {
            next = Math.max(next, deed.batch + 1);
        }
        return next;
    }

    long refused() {
        return deeds.stream().filter(deed -> deed.outcome == Outcome.REFUSED).count();
    }

    long acknowledged() {
        return deeds.stream()
                .filter(deed -> !deed.isDeletion() && deed.outcome == Outcome.OK)
                .count();
    }

    /** Every acknowledged sample is there once, with its value, what was deleted is gone, and there is nothing else. */
    void expect(Database database, Loss loss) throws IOException {
        expect(database, loss, Long.MIN_VALUE, Long.MAX_VALUE);
        if (loss == NO_LOSS) {
            expectExemplars(database);
        }
    }

    /** Exemplars live in the log alone, which is kept from the newest block's end on. */
    private void expectExemplars(Database database) throws IOException {
        Set<Long> found = CrashWorkload.exemplarTimes(database);
        long keptFrom = database.blocks().inOrderMaxTimeMs();
        for (Deed deed : deeds) {
            if (deed.isDeletion() || !CrashWorkload.hasExemplar(deed.batch)) {
                continue;
            }
            long time = CrashWorkload.timeMs(deed.batch);
            if (deed.outcome == Outcome.OK && time >= keptFrom) {
                assertThat(found).as("the exemplar of batch %d", deed.batch).contains(time);
            } else if (deed.outcome == Outcome.REFUSED) {
                assertThat(found)
                        .as("the exemplar of the refused batch %d", deed.batch)
                        .doesNotContain(time);
            }
        }
    }

    void expect(Database database, Loss loss, long fromMs, long toMs) throws IOException {
        Map<String, Map<Long, Double>> found = CrashWorkload.read(database, fromMs, toMs);
        long keptFrom = CrashWorkload.timeMs(nextBatch() - 1) - CrashWorkload.RETENTION_MS;
        Map<String, Set<Long>> explained = new TreeMap<>();
        for (Deed deed : deeds) {
            if (deed.isDeletion() || deed.outcome == Outcome.REFUSED) {
                continue;
            }
            CrashWorkload.samples(deed.batch)
                    .forEach((series, samples) -> samples.forEach((time, value) -> {
                        if (time < fromMs || time > toMs) {
                            return;
                        }
                        explained
                                .computeIfAbsent(series, key -> new HashSet<>())
                                .add(time);
                        Double there = found.getOrDefault(series, Map.of()).get(time);
                        Came sample =
                                new Came(series, time, time < CrashWorkload.timeMs(deed.batch), deed.wal, deed.wbl);
                        if (there == null) {
                            boolean mayMiss = deed.outcome == Outcome.UNKNOWN
                                    || time < keptFrom
                                    || isDeleted(series, time)
                                    || loss.mayMiss(sample);
                            assertThat(mayMiss)
                                    .as("is missing: %s of batch %d", sample, deed.batch)
                                    .isTrue();
                        } else {
                            assertThat(there).as("%s", sample).isEqualTo(value);
                            assertThat(isGoneForGood(series, time, loss))
                                    .as("was deleted: %s of batch %d", sample, deed.batch)
                                    .isFalse();
                        }
                    }));
        }
        found.forEach((series, samples) -> assertThat(explained.getOrDefault(series, Set.of()))
                .as("of no batch that was taken, %s", series)
                .containsAll(samples.keySet()));
    }

    private boolean isDeleted(String series, long time) {
        return CrashWorkload.isDeletable(series)
                && deeds.stream().anyMatch(d -> d.isDeletion() && d.fromMs <= time && time <= d.toMs);
    }

    private boolean isGoneForGood(String series, long time, Loss loss) {
        return CrashWorkload.isDeletable(series)
                && deeds.stream()
                        .anyMatch(d -> d.isDeletion()
                                && d.outcome == Outcome.OK
                                && d.fromMs <= time
                                && time <= d.toMs
                                && !loss.mayBeBack(time, d.wal));
    }
}
