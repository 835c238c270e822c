package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;

class QueryServletTest {
    private static final QueryValue MATRIX = new QueryValue.RangeVector(List.of(
            new QueryValue.Series(
                    Labels.of("__name__", "up", "job", "a"), new long[] {0, 1500, 9}, new double[] {1, 0.5, 9}, 2),
            new QueryValue.Series(
                    Labels.of("__name__", "up", "job", "b"), new long[] {0}, new double[] {Double.NaN}, 1)));

    private final Fakes.Engine engine = new Fakes.Engine();
    private final LiveServices services = Fakes.services();
    private final TestApi api = new TestApi(services);

    QueryServletTest() {
        services.setQueryEngine(engine);
    }

    private void assertError(int status, String type, String message, TestApi.Answer answer) {
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"" + message.replace("\"", "\\\"")
                        + "\"}",
                answer.text());
        assertEquals(status, answer.status());
        assertEquals("application/json", answer.header("Content-Type"));
    }

    @Test
    void answersAnInstantQueryWithAVector() throws IOException {
        engine.result = Fakes.result(new QueryValue.InstantVector(
                1_500, List.of(Labels.of("__name__", "up", "job", "a\"b"), Labels.EMPTY), new double[] {1, 0.25}));
        TestApi.Answer answer = api.get("query?query=up&time=1.5&timeout=10s&lookback_delta=60");
        assertEquals(200, answer.status());
        Json.assertGolden("vector.json", answer.text());
        assertEquals("up", engine.asked.expression());
        assertEquals(1_500, engine.asked.startMs());
        assertEquals(0, engine.asked.stepMs());
        assertEquals(10_000, engine.asked.timeoutMs());
        assertEquals(60_000, engine.asked.lookbackMs());
    }

    @Test
    void answersHistogramsWithTheirBuckets() {
        Histogram histogram = Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                1,
                0.001,
                34,
                7.5,
                149.11,
                new int[] {0, 1, 2, 1},
                new double[] {5, 6},
                new int[] {-2, 1, 1, 1},
                new double[] {46, 0},
                new double[0]);
        String json = "{\"count\":\"7.5\",\"sum\":\"149.11\",\"buckets\":[[1,\"-0.5\",\"-0.35355339059327373\",\"46\"],"
                + "[3,\"-0.001\",\"0.001\",\"34\"],[0,\"0.7071067811865475\",\"1\",\"5\"],"
                + "[0,\"2\",\"2.82842712474619\",\"6\"]]}";
        engine.result = Fakes.result(new QueryValue.InstantVector(
                1_500, List.of(Labels.EMPTY, Labels.of("a", "b")), new double[] {149.11, 2}, new Histogram[] {
                    histogram, null
                }));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"histogram\":[1.500,"
                        + json + "]},{\"metric\":{\"a\":\"b\"},\"value\":[1.500,\"2\"]}]}}",
                api.get("query?query=h").text());
        engine.result = Fakes.result(new QueryValue.RangeVector(List.of(new QueryValue.Series(
                Labels.EMPTY,
                new long[] {1_000, 2_000, 3_000},
                new double[] {149.11, 2, 0},
                new Histogram[] {histogram, null, Histogram.stale(true)},
                3))));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[2,\"2\"]],"
                        + "\"histograms\":[[1," + json + "],[3,{\"count\":\"0\",\"sum\":\"NaN\"}]]}]}}",
                api.get("query?query=h").text());
    }

    @Test
    void cutsHistogramsToTheLimitToo() {
        Histogram stale = Histogram.stale(true);
        engine.result = Fakes.result(new QueryValue.InstantVector(
                0, List.of(Labels.EMPTY, Labels.of("a", "b")), new double[2], new Histogram[] {null, stale}));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[0,\"0\"]}]},"
                        + "\"warnings\":[\"results truncated due to limit\"]}",
                api.get("query?query=h&limit=1").text());
    }

    @Test
    void asksForNowWhenNoTimeIsGiven() {
        api.get("query?query=up");
        assertEquals(TestApi.CLOCK.millis(), engine.asked.startMs());
    }

    @Test
    void answersScalarsAndStrings() {
        engine.result = Fakes.result(new QueryValue.Scalar(1_000, 1e21));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"1e+21\"]}}",
                api.get("query?query=1").text());
        engine.result = Fakes.result(new QueryValue.Text(1_001, "a\nb"));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1.001,\"a\\nb\"]}}",
                api.get("query?query=1").text());
    }

    @Test
    void answersARangeQueryFromAFormWithWarningsAndStatistics() throws IOException {
        engine.result = new QueryResult(MATRIX, List.of("careful"), List.of("by the way"), Fakes.STATISTICS);
        TestApi.Answer answer = api.postForm(
                "query_range?stats=true", "query=rate%28up%5B5m%5D%29&start=0&end=1970-01-01T00%3A01%3A00Z&step=15s");
        Json.assertGolden("matrix.json", answer.text());
        assertEquals("rate(up[5m])", engine.asked.expression());
        assertEquals(60_000, engine.asked.endMs());
        assertEquals(15_000, engine.asked.stepMs());
    }

    @Test
    void answersAnEmptyMatrix() {
        engine.result = Fakes.result(new QueryValue.RangeVector(List.of()));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
                api.get("query_range?query=up&start=0&end=1&step=1").text());
    }

    @Test
    void cutsAtTheLimitAndSaysSo() {
        engine.result = Fakes.result(MATRIX);
        String text =
                api.get("query_range?query=up&start=0&end=1&step=1&limit=1").text();
        assertTrue(text.endsWith("},\"warnings\":[\"results truncated due to limit\"]}"), text);
        assertTrue(text.contains("\"job\":\"a\"") && !text.contains("\"job\":\"b\""), text);
        assertTrue(!api.get("query_range?query=up&start=0&end=1&step=1&limit=2")
                .text()
                .contains("warnings"));
    }

    @Test
    void namesTheParameterThatIsWrong() {
        assertError(
                400,
                "bad_data",
                "invalid parameter \"time\": invalid time value for 'time': cannot parse \"abc\" to a valid timestamp",
                api.get("query?query=up&time=abc"));
        assertError(
                400,
                "bad_data",
                "invalid parameter \"start\": cannot parse \"\" to a valid timestamp",
                api.get("query_range?query=up&end=1&step=1"));
        assertError(
                400,
                "bad_data",
                "invalid parameter \"end\": end timestamp must not be before start time",
                api.get("query_range?query=up&start=2&end=1&step=1"));
        assertError(
                400,
                "bad_data",
                "invalid parameter \"step\": cannot parse \"x\" to a valid duration",
                api.get("query_range?query=up&start=0&end=1&step=x"));
        assertError(
                400,
                "bad_data",
                "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
                api.get("query_range?query=up&start=0&end=1&step=0"));
        assertError(
                400,
                "bad_data",
                "invalid parameter \"limit\": limit must be non-negative",
                api.get("query?query=up&limit=-1"));
    }

    @Test
    void refusesMoreThanElevenThousandPoints() {
        assertError(
                400,
                "bad_data",
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
                api.get("query_range?query=up&start=0&end=11001&step=1"));
        assertEquals(
                200, api.get("query_range?query=up&start=0&end=11000&step=1").status());
        assertEquals(
                400,
                api.get(
                                "query_range?query=up&start=-292273086-05-16T16:47:06Z&end=292277025-08-18T07:12:54.999999999Z&step=1y")
                        .status());
    }

    @Test
    void tellsEngineErrorsApart() {
        engine.failure = new QueryException(QueryException.Kind.BAD_DATA, "1:1: parse error: no expression");
        assertError(
                400,
                "bad_data",
                "invalid parameter \"query\": 1:1: parse error: no expression",
                api.get("query?query="));
        engine.failure = new QueryException(QueryException.Kind.EXECUTION, "too much");
        assertError(422, "execution", "too much", api.get("query?query=up"));
        engine.failure = new QueryException(QueryException.Kind.CANCELED, "gone");
        assertError(499, "canceled", "gone", api.get("query?query=up"));
        engine.failure = new QueryException(QueryException.Kind.TIMEOUT, "late");
        assertError(503, "timeout", "late", api.get("query?query=up"));
        engine.failure = new QueryException(QueryException.Kind.INTERNAL, "disk");
        assertError(500, "internal", "disk", api.get("query?query=up"));
        engine.failure = new QueryException(QueryException.Kind.UNAVAILABLE, "no storage");
        TestApi.Answer answer = api.get("query?query=up");
        assertError(503, "unavailable", "no storage", answer);
        assertEquals("1", answer.header("Retry-After"));
    }

    @Test
    void answersUnknownPathsInJson() {
        assertError(404, "not_found", "there is no such path in the API", api.get("nothing"));
        assertEquals(405, api.call("DELETE", "query", "").status());
    }

    @Test
    void answersOptionsWithoutABody() {
        TestApi.Answer answer = api.call("OPTIONS", "query", "", "Origin", "http://x");
        assertEquals(204, answer.status());
        assertEquals("*", answer.header("Access-Control-Allow-Origin"));
        assertEquals("GET, POST, OPTIONS", answer.header("Access-Control-Allow-Methods"));
    }

    @Test
    void compressesForThoseWhoAcceptIt() throws IOException {
        TestApi.Answer answer = api.get("query?query=1", "Accept-Encoding", "deflate, gzip;q=0.5");
        assertEquals("gzip", answer.header("Content-Encoding"));
        assertEquals(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[0,\"1\"]}}",
                new String(TestApi.gunzip(answer.body()), StandardCharsets.UTF_8));
        assertEquals(
                null, api.get("query?query=1", "Accept-Encoding", "gzip;q=0").header("Content-Encoding"));
    }
}
