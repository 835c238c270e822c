package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;

class WarmUpTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(100_000));

    private final Fakes.Series storage = new Fakes.Series();
    private final LiveServices services = Fakes.services();

    WarmUpTest() {
        services.setStorage(storage);
    }

    private void store(String metric, int count) {
        for (int i = 0; i < count; i++) {
            storage.series.add(Labels.of("__name__", metric, "instance", Integer.toString(i)));
        }
    }

    @Test
    void asksForMetricsOfWhichThereAreSomeButNotTooMany() {
        store("single", 1);
        store("few", 3);
        store("more", 30);
        store("many", 501);
        store("not an identifier", 9);
        List<String> queries = WarmUpQueries.of(services, 100_000_000).stream()
                .map(path ->
                        ApiParameters.of(path.substring(path.indexOf('?') + 1)).text("query"))
                .toList();
        assertEquals("{__name__=\"more\", instance=\"0\"}", queries.get(0));
        assertTrue(queries.contains("{__name__=~\"more.*\",instance=~\"0.*\"}"));
        assertTrue(queries.contains("sum by (job) (rate(more[5m]))"));
        assertTrue(queries.contains("few"));
        assertTrue(
                queries.stream().noneMatch(query -> query.contains("single") || query.contains("many")),
                queries::toString);
        assertTrue(queries.stream().noneMatch(query -> query.contains("identifier")), queries::toString);
    }

    @Test
    void asksNothingWithoutSeries() {
        assertTrue(WarmUpQueries.of(services, 100_000_000).isEmpty());
        storage.notReady = "replaying";
        assertTrue(WarmUpQueries.of(services, 100_000_000).isEmpty());
    }

    @Test
    void asksUntilClosed() throws InterruptedException {
        store("more", 30);
        CountDownLatch instants = new CountDownLatch(30);
        CountDownLatch ranges = new CountDownLatch(30);
        WarmUp.Question question = path -> {
            (path.startsWith("/query?") ? instants : ranges).countDown();
            // Not every answer is good, and that is no reason to stop.
            throw new IOException("no such luck");
        };
        try (WarmUp unused = new WarmUp(question, services, CLOCK).start()) {
            assertTrue(instants.await(60, TimeUnit.SECONDS));
            assertTrue(ranges.await(60, TimeUnit.SECONDS));
        }
    }
}
