package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import jakarta.servlet.http.HttpServlet;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;

class FederateServletTest {
    private static final long NOW = 6_060_000;

    private final LiveServices services = Fakes.services();
    private final Fakes.Series storage = new Fakes.Series();
    private final Readiness readiness = new Readiness(services, List.of());
    private final HttpServlet servlet =
            new FederateServlet(services, readiness, 300_000, InstantSource.fixed(Instant.ofEpochMilli(NOW)));

    FederateServletTest() {
        services.setStorage(storage);
        readiness.apiMounted(true);
    }

    private SampleBuffer series(String... labels) {
        Labels series = Labels.of(labels);
        storage.series.add(series);
        return storage.samples.computeIfAbsent(series, key -> new SampleBuffer());
    }

    private FakeHttp get(String query) throws Exception {
        return FakeHttp.call(servlet, "GET", "/federate?" + query);
    }

    @Test
    void showsTheNewestSampleOfEachSeriesOnceSortedByName() throws Exception {
        series("__name__", "b", "instance", "i").add(6_000_000, 2);
        SampleBuffer a = series("__name__", "a", "job", "x");
        a.add(5_900_000, 1);
        a.add(5_960_000, 1.5);
        FakeHttp answer = get("match[]=b&match[]=a&match[]=job=x");
        assertEquals(200, answer.status);
        assertEquals("""
                # TYPE a untyped
                a{instance="",job="x"} 1.5 5960000
                # TYPE b untyped
                b{instance="i"} 2 6000000
                """, answer.text());
    }

    @Test
    void leavesOutWhatIsTooOldOrStale() throws Exception {
        series("__name__", "a").add(NOW - 300_000, 1);
        SampleBuffer b = series("__name__", "b");
        b.add(6_000_000, 1);
        b.add(6_010_000, StaleNaN.VALUE);
        assertEquals("", get("match[]=a&match[]=b").text());
        assertEquals("", get("").text());
    }

    @Test
    void showsCustomBucketsAsAClassicHistogramAndNoExponentialOnes() throws Exception {
        series("__name__", "h", "instance", "i")
                .add(
                        6_000_000,
                        Histogram.ofFloats(
                                Histogram.ResetHint.UNKNOWN,
                                Histogram.CUSTOM_BUCKETS,
                                0,
                                0,
                                6,
                                60,
                                new int[] {0, 1, 1, 1},
                                new double[] {1, 5},
                                new int[0],
                                new double[0],
                                new double[] {5, 10}));
        series("__name__", "e")
                .add(
                        6_000_000,
                        Histogram.ofFloats(
                                Histogram.ResetHint.UNKNOWN,
                                0,
                                0,
                                0,
                                0,
                                0,
                                new int[0],
                                new double[0],
                                new int[0],
                                new double[0],
                                new double[0]));
        assertEquals("""
                # TYPE h histogram
                h_bucket{instance="i",le="5"} 1 6000000
                h_bucket{instance="i",le="10"} 1 6000000
                h_bucket{instance="i",le="+Inf"} 6 6000000
                h_sum{instance="i"} 60 6000000
                h_count{instance="i"} 6 6000000
                """, get("match[]=h&match[]=e").text());
    }

    @Test
    void refusesWhatIsNoSelectorAndWaitsUntilReady() throws Exception {
        FakeHttp wrong = get("match[]=%7B");
        assertEquals(400, wrong.status);
        Readiness notReady = new Readiness(Fakes.services(), List.of());
        HttpServlet early = new FederateServlet(services, notReady, 300_000, TestApi.CLOCK);
        assertEquals(503, FakeHttp.call(early, "GET", "/federate?match[]=a").status);
    }

    @Test
    void writesNamesAsTheClientTakesThem() throws Exception {
        series("__name__", "room.heat", "floor.no", "1").add(6_000_000, 1);
        assertEquals(
                "# TYPE room_heat untyped\nroom_heat{floor_no=\"1\",instance=\"\"} 1 6000000\n",
                get("match[]=floor.no=1").text());
        assertEquals(
                "# TYPE U__room_2e_heat untyped\nU__room_2e_heat{U__floor_2e_no=\"1\",instance=\"\"} 1 6000000\n",
                FakeHttp.call(
                                servlet,
                                "GET",
                                "/federate?match[]=floor.no=1",
                                "Accept",
                                "text/plain;version=0.0.4;escaping=values")
                        .text());
    }

    @Test
    void addsExternalLabelsWhereTheyAreMissing() throws Exception {
        series("__name__", "a", "job", "x").add(6_000_000, 1);
        Federation federation =
                new Federation(NOW, 300_000, Labels.of("job", "y", "zone", "ie"), NameEscaping.ALLOW_UTF_8);
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        federation
                .of(storage, List.of(List.of(org.narthex.api.model.Matcher.equal("job", "x"))))
                .writeTo(out);
        assertEquals(
                "# TYPE a untyped\na{instance=\"\",job=\"x\",zone=\"ie\"} 1 6000000\n",
                out.toString(java.nio.charset.StandardCharsets.UTF_8));
    }
}
