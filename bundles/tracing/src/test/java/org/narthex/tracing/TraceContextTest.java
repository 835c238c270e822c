package org.narthex.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void isReadAndWritten() {
        assertThat(TraceContext.parse(VALID)).map(TraceContext::traceparent).contains(VALID);
        assertThat(TraceContext.parse(VALID.replace("-01", "-02")))
                .map(TraceContext::sampled)
                .contains(false);
    }

    @Test
    void aVersionToComeMaySayMore() {
        assertThat(TraceContext.parse("01" + VALID.substring(2) + "-what.next"))
                .map(TraceContext::traceparent)
                .contains(VALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                "00 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void whatIsNotValidIsNone(String header) {
        assertThat(TraceContext.parse(header)).isEmpty();
    }

    @Test
    void theShareSampledIsThatWanted() {
        assertThat(IntStream.range(0, 1_000).filter(i -> TraceContext.random(0).sampled()))
                .isEmpty();
        assertThat(IntStream.range(0, 1_000).filter(i -> TraceContext.random(1).sampled()))
                .hasSize(1_000);
        // Ten standard deviations of a binomial distribution to either side.
        assertThat(IntStream.range(0, 10_000)
                        .filter(i -> TraceContext.random(0.25).sampled())
                        .count())
                .isBetween(2_067L, 2_933L);
    }
}
