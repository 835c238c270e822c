package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

import com.sun.management.ThreadMXBean;

/** What a scrape costs once its target is known: no new memory for its samples. */
class SteadyScrapeTest {
    private static final Target TARGET = new Target(
            Labels.EMPTY,
            Labels.EMPTY,
            Labels.of("job", "j", "instance", "i"),
            "http://x/metrics",
            "",
            HistogramModes.CLASSIC,
            10_000,
            5_000);
    private static final int PAGES = 4;
    private static final int WARM_UP = 50;
    private static final int MEASURED = 200;

    /** Takes everything and keeps nothing. */
    private static final class Drain implements Storage {
        private long refs;
        long samples;

        @Override
        public void append(SampleBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                if (batch.ref(i) == SampleBatch.NO_REF) {
                    batch.ref(i, ++refs);
                }
                batch.result(i, AppendResult.OK);
            }
            samples += batch.size();
        }

        @Override
        public Querier querier(long minTimeMs, long maxTimeMs) throws IOException {
            throw new IOException("nothing is kept");
        }

        @Override
        public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
            throw new IOException("nothing is kept");
        }

        @Override
        public void snapshot(Path folder) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StorageStats stats() {
            return new StorageStats(0, 0, 0, 0, 0, 0);
        }
    }

    /** Bytes of new memory for each sample, once the series are known. */
    private static double bytesPerSample(ContentType.Format format, IntFunction<byte[]> pages) throws ScrapeException {
        byte[][] bodies = new byte[PAGES][];
        for (int i = 0; i < PAGES; i++) {
            bodies[i] = pages.apply(i);
        }
        Drain drain = new Drain();
        StorageHandle handle = new StorageHandle(drain);
        HandOverQueue queue = new HandOverQueue(() -> Optional.of(handle), 1_000_000);
        Intake intake = new Intake(new ScrapeMetrics(), Features.NONE);
        TargetSeries series = new TargetSeries(TARGET, new TestConfig("j").build(), false);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = 0;
        for (int i = 0; i < WARM_UP + MEASURED; i++) {
            if (i == WARM_UP) {
                before = threads.getThreadAllocatedBytes(self);
            }
            byte[] body = bodies[i % PAGES];
            intake.begin(series, handle, 1_000_000 + i * 10_000L);
            intake.page(body, body.length - 1, format);
            intake.report(true, 0.1, body.length - 1);
            intake.append(queue);
        }
        long allocated = threads.getThreadAllocatedBytes(self) - before;
        assertThat(drain.samples).isEqualTo((WARM_UP + MEASURED) * (SteadyPages.SAMPLES + 5L));
        return (double) allocated / MEASURED / SteadyPages.SAMPLES;
    }

    @Test
    void allocatesNothingForSamplesOfTextPages() throws ScrapeException {
        assertThat(bytesPerSample(ContentType.Format.TEXT, SteadyPages::text)).isLessThan(1);
    }

    @Test
    void allocatesNothingForSamplesOfOpenMetricsPages() throws ScrapeException {
        assertThat(bytesPerSample(ContentType.Format.OPENMETRICS, SteadyPages::openMetrics))
                .isLessThan(1);
    }

    @Test
    void allocatesNothingForSamplesOfProtobufPages() throws ScrapeException {
        assertThat(bytesPerSample(ContentType.Format.PROTOBUF, SteadyPages::protobuf))
                .isLessThan(1);
    }
}
