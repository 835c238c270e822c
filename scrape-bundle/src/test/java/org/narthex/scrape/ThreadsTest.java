package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.scrape.Exporter;

/** The real clock and threads. */
class ThreadsTest {
    private final RecordingStorage storage = new RecordingStorage();
    private final Scraper scraper = new Scraper(
            new Threads(Clock.systemUTC()), () -> null, "", 2, 5_000, "testhost", Features.NONE, new SeriesGuard(0, 0));

    @AfterEach
    void stop() {
        scraper.stop();
    }

    private static TestConfig job(String name) {
        TestConfig job = new TestConfig(name).target("x", "__exporter__", name);
        job.intervalMs = 200;
        job.timeoutMs = 100;
        return job;
    }

    private void awaitSamples(String job, String metric, int count) throws InterruptedException {
        int batches = 0;
        while (storage.values("__name__", metric, "job", job, "instance", "x").size() < count) {
            storage.awaitBatches(++batches);
        }
    }

    @Test
    void anExporterThatHangsHarmsNobodyElse() throws Exception {
        scraper.storage(storage);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger entered = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        scraper.addExporter(
                sink -> {
                    entered.incrementAndGet();
                    while (never.getCount() > 0) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            interrupted.incrementAndGet();
                        }
                    }
                },
                Map.of(Exporter.NAME, "bad"));
        scraper.addExporter(sink -> sink.gauge("a", "", 1), Map.of(Exporter.NAME, "good"));
        scraper.apply(TestConfig.configuration(job("bad"), job("good")));
        awaitSamples("bad", "up", 4);
        awaitSamples("good", "a", 4);
        assertThat(storage.values("__name__", "up", "job", "bad", "instance", "x"))
                .containsOnly("0.0");
        assertThat(storage.values("__name__", "up", "job", "good", "instance", "x"))
                .containsOnly("1.0");
        assertThat(entered)
                .as("one thread stays with it, not one more each time")
                .hasValue(1);
        assertThat(interrupted).hasValue(1);
        never.countDown();
    }

    @Test
    void anErrorOfOneTaskDoesNotStopTheOthers() throws Exception {
        Timers timers = new Timers("timers");
        CountDownLatch later = new CountDownLatch(1);
        try {
            timers.after(0, () -> {
                throw new StackOverflowError("meant to be");
            });
            timers.after(20, later::countDown);
            assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            timers.stop();
        }
    }
}
