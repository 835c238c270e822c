package org.narthex.api.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.MetricType;

class TextExpositionTest {
    private final TextExposition text = new TextExposition();

    private void assertText(String expected) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.writeTo(out);
        assertEquals(expected, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void sortsAndMergesFamilies() throws IOException {
        text.counter("b_total", "B.", 1, "x", "1");
        text.gauge("a", "A.", 2);
        TextExposition other = new TextExposition();
        other.counter("b_total", "Another help.", 3, "x", "2");
        text.addAll(other);
        assertText("""
                # HELP a A.
                # TYPE a gauge
                a 2
                # HELP b_total B.
                # TYPE b_total counter
                b_total{x="1"} 1
                b_total{x="2"} 3
                """);
    }

    @Test
    void escapesHelpAndLabelValues() throws IOException {
        text.gauge("a", "back\\slash \"quote\" new\nline", 1, "l", "back\\slash \"quote\" new\nline");
        assertText("""
                # HELP a back\\\\slash "quote" new\\nline
                # TYPE a gauge
                a{l="back\\\\slash \\"quote\\" new\\nline"} 1
                """);
    }

    @Test
    void writesValuesAsGoDoes() throws IOException {
        text.family("v", MetricType.UNKNOWN, "");
        for (double value : new double[] {
            0, 1, -1.5, 999999, 1e6, 1234567, 1e-4, 0.00001, 1e300, Double.NaN, Double.NEGATIVE_INFINITY
        }) {
            text.sample("v", value);
        }
        assertText("""
                # TYPE v untyped
                v 0
                v 1
                v -1.5
                v 999999
                v 1e+06
                v 1.234567e+06
                v 0.0001
                v 1e-05
                v 1e+300
                v NaN
                v -Inf
                """);
    }

    @Test
    void writesHistogramsUnderTheirFamily() throws IOException {
        text.family("h", MetricType.HISTOGRAM, "H.");
        text.sample("h_bucket", 1, "le", "+Inf");
        text.sample("h_sum", 0.5);
        text.sample("h_count", 1);
        assertText("""
                # HELP h H.
                # TYPE h histogram
                h_bucket{le="+Inf"} 1
                h_sum 0.5
                h_count 1
                """);
    }

    @Test
    void quotesNamesThatAreNoIdentifiers() throws IOException {
        text.gauge("http.status", "", 1, "a.b", "c", "d", "e");
        assertText("""
                # TYPE "http.status" gauge
                {"http.status","a.b"="c",d="e"} 1
                """);
    }

    @Test
    void leavesOutFamiliesWithoutSamples() throws IOException {
        text.family("none", MetricType.GAUGE, "Nothing.");
        assertText("");
    }

    @Test
    void wantsAFamilyBeforeSamples() {
        assertThrows(IllegalStateException.class, () -> text.sample("a", 1));
    }
}
