package org.narthex.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.narthex.api.trace.Span;

class SpanSenderTest {
    private final OtlpRequest format = new OtlpRequest(Map.of(), "1");
    private final SpanSender.Counts counts = new SpanSender.Counts();
    private final BlockingQueue<Integer> batches = new LinkedBlockingQueue<>();

    private static EndedSpan span() {
        return new EndedSpan(
                TraceContext.random(1),
                OptionalLong.empty(),
                "s",
                Span.Kind.INTERNAL,
                1,
                2,
                List.of(),
                Optional.empty());
    }

    @Test
    void aFullBatchDoesNotWaitForItsTime() throws Exception {
        SpanSender sender = new SpanSender(
                request -> batches.add(ReadSpan.all(request).size()),
                format,
                counts,
                () -> {},
                Long.MAX_VALUE / 2_000_000);
        for (int i = 0; i < 512; i++) {
            sender.add(span());
        }
        sender.start();
        assertThat(batches.poll(20, TimeUnit.SECONDS)).isEqualTo(512);
        sender.add(span());
        sender.close();
        assertThat(batches).containsExactly(1);
    }

    @Test
    void aBatchGoesWhenItsFirstSpanIsOldEnough() throws Exception {
        try (SpanSender sender =
                new SpanSender(request -> batches.add(ReadSpan.all(request).size()), format, counts, () -> {}, 1)) {
            sender.start();
            sender.add(span());
            assertThat(batches.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void sendsAgainWhatTheCollectorCouldNotTake() throws Exception {
        boolean[] failed = new boolean[1];
        try (SpanSender sender = new SpanSender(
                request -> {
                    if (!failed[0]) {
                        failed[0] = true;
                        throw new IOException("busy");
                    }
                    batches.add(ReadSpan.all(request).size());
                },
                format,
                counts,
                () -> {},
                1)) {
            sender.add(span());
            sender.start();
            assertThat(batches.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(counts.exported().sum()).isEqualTo(1);
        assertThat(counts.dropped().sum()).isZero();
    }

    @Test
    void aMistakeInTheSettingsLosesSpansButNotThoseAfterIt() throws Exception {
        boolean[] failed = new boolean[1];
        SpanSender sender = new SpanSender(
                request -> {
                    if (!failed[0]) {
                        failed[0] = true;
                        throw new IllegalArgumentException("no header");
                    }
                    batches.add(ReadSpan.all(request).size());
                },
                format,
                counts,
                () -> {},
                1);
        for (int i = 0; i < 513; i++) {
            sender.add(span());
        }
        sender.start();
        assertThat(batches.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        sender.close();
        assertThat(counts.dropped().sum()).isEqualTo(512);
    }

    @Test
    void nobodyWaitsForACollectorThatTakesNothing() throws Exception {
        SynchronousQueue<Integer> takes = new SynchronousQueue<>();
        SpanSender sender = new SpanSender(request -> takes.put(1), format, counts, () -> {}, 1);
        for (int i = 0; i < 3_000; i++) {
            sender.add(span());
        }
        assertThat(counts.dropped().sum()).isEqualTo(3_000 - 2_048);
        sender.start();
        for (int i = 0; i < 4; i++) {
            assertThat(takes.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
        sender.close();
        assertThat(counts.exported().sum()).isEqualTo(2_048);
    }
}
