package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryValue;
import org.narthex.api.storage.ExemplarSeries;

/** Cases recorded from Prometheus' own tests, where {@code -Dconformance.dir} names them. */
class ConformanceTest {
    private static JsonObject file(String name) throws IOException {
        String dir = System.getProperty("conformance.dir", "");
        assumeTrue(!dir.isEmpty(), "no -Dconformance.dir");
        return Json.parse(Files.readString(Path.of(dir, "api", name))).asJsonObject();
    }

    @TestFactory
    Stream<DynamicTest> writesTheJsonOfPrometheus() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonObject test : file("json-codec.json").getJsonArray("cases").getValuesAs(JsonObject.class)) {
            String expected = test.getString("expected");
            tests.add(dynamicTest(expected.substring(0, Math.min(90, expected.length())), () -> {
                if (test.get("response") instanceof JsonArray exemplars) {
                    assertEquals(Json.parse(expected), Json.parse(exemplars(exemplars)));
                } else {
                    assertEquals(expected, written(test.getJsonObject("response")));
                }
            }));
        }
        return tests.stream();
    }

    private static String exemplars(JsonArray response) {
        Fakes.Series storage = new Fakes.Series();
        storage.exemplars = response.getValuesAs(JsonObject.class).stream()
                .map(series -> new ExemplarSeries(
                        labels(series.getJsonObject("SeriesLabels")),
                        series.getJsonArray("Exemplars").getValuesAs(JsonObject.class).stream()
                                .map(exemplar -> new Exemplar(
                                        labels(exemplar.getJsonObject("Labels")),
                                        number(exemplar.get("Value")),
                                        exemplar.getJsonNumber("Ts").longValue()))
                                .toList()))
                .toList();
        LiveServices services = Fakes.services();
        services.setStorage(storage);
        return new TestApi(services).get("query_exemplars?query=x").text();
    }

    private static String written(JsonObject response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonBytes json = new JsonBytes(new byte[JsonBytes.BUFFER_BYTES], out);
        switch (response.getString("type")) {
            case "FPoint" -> {
                json.ascii("{\"status\":\"success\",\"data\":");
                json.point(response.getJsonNumber("T").longValue(), number(response.get("F")));
                json.ascii('}');
            }
            case "QueryData" -> {
                List<JsonObject> result = response.getJsonArray("Result").getValuesAs(JsonObject.class);
                if (response.getString("ResultType").equals("matrix")) {
                    new QueryAnswer(Fakes.result(matrix(result)), false, QueryRequest.instant("m", 0)).write(json);
                } else {
                    // Samples of one answer have one time; the recorded ones differ, so each is written as an answer of
                    // its own.
                    return vectors(result);
                }
            }
            default -> throw new IllegalArgumentException(response.getString("type"));
        }
        json.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String vectors(List<JsonObject> samples) throws IOException {
        String head = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[";
        List<String> written = new ArrayList<>();
        for (JsonObject sample : samples) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            JsonBytes json = new JsonBytes(new byte[JsonBytes.BUFFER_BYTES], out);
            QueryValue vector = new QueryValue.InstantVector(
                    sample.getJsonNumber("T").longValue(),
                    List.of(labels(sample.getJsonObject("Metric"))),
                    new double[] {number(sample.get("F"))});
            new QueryAnswer(Fakes.result(vector), false, QueryRequest.instant("m", 0)).write(json);
            json.flush();
            String text = out.toString(StandardCharsets.UTF_8);
            written.add(text.substring(head.length(), text.length() - "]}}".length()));
        }
        return head + String.join(",", written) + "]}}";
    }

    private static QueryValue matrix(List<JsonObject> result) {
        List<QueryValue.Series> series = new ArrayList<>();
        for (JsonObject one : result) {
            boolean histograms = one.containsKey("Histograms");
            JsonArray points = one.getJsonArray(histograms ? "Histograms" : "Floats");
            long[] timestampsMs = new long[points.size()];
            double[] values = new double[points.size()];
            for (int i = 0; i < values.length; i++) {
                timestampsMs[i] = points.getJsonObject(i).getJsonNumber("T").longValue();
                values[i] = histograms ? 0 : number(points.getJsonObject(i).get("F"));
            }
            Histogram[] column = new Histogram[histograms ? values.length : 0];
            for (int i = 0; i < column.length; i++) {
                column[i] = histogram(points.getJsonObject(i).getJsonObject("H"));
            }
            series.add(new QueryValue.Series(
                    labels(one.getJsonObject("Metric")), timestampsMs, values, column, values.length));
        }
        return new QueryValue.RangeVector(series);
    }

    private static Labels labels(JsonObject named) {
        Labels.Builder labels = Labels.builder();
        named.keySet().forEach(name -> labels.set(name, named.getString(name)));
        return labels.build();
    }

    private static Histogram histogram(JsonObject fields) {
        return Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                fields.getInt("Schema"),
                number(fields.get("ZeroThreshold")),
                number(fields.get("ZeroCount")),
                number(fields.get("Count")),
                number(fields.get("Sum")),
                spans(fields.getJsonArray("PositiveSpans")),
                numbers(fields.getJsonArray("PositiveBuckets")),
                spans(fields.getJsonArray("NegativeSpans")),
                numbers(fields.getJsonArray("NegativeBuckets")),
                new double[0]);
    }

    private static int[] spans(JsonArray spans) {
        return spans.getValuesAs(JsonObject.class).stream()
                .flatMapToInt(span -> IntStream.of(span.getInt("Offset"), span.getInt("Length")))
                .toArray();
    }

    private static double[] numbers(JsonArray values) {
        return values.stream().mapToDouble(ConformanceTest::number).toArray();
    }

    private static double number(JsonValue value) {
        return value instanceof JsonNumber number
                ? number.doubleValue()
                : SampleValue.parse(value.asJsonObject().getString("float"));
    }

    @TestFactory
    Stream<DynamicTest> readsTimesAsPrometheusDoes() throws IOException {
        return file("parse-time-and-duration.json").getJsonArray("time").getValuesAs(JsonObject.class).stream()
                .filter(test -> test.containsKey("ok"))
                .map(test -> dynamicTest("time \"" + test.getString("input") + "\"", () -> {
                    String input = test.getString("input");
                    if (test.getBoolean("ok")) {
                        assertEquals(test.getJsonNumber("unix_millis").longValue(), ApiTime.parse(input));
                    } else {
                        assertThrows(IllegalArgumentException.class, () -> ApiTime.parse(input));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> readsDurationsAsPrometheusDoes() throws IOException {
        return file("parse-time-and-duration.json").getJsonArray("duration").getValuesAs(JsonObject.class).stream()
                .map(test -> dynamicTest("duration \"" + test.getString("input") + "\"", () -> {
                    String input = test.getString("input");
                    if (test.getBoolean("ok")) {
                        assertEquals(test.getJsonNumber("millis").longValue(), ApiTime.parseDuration(input));
                    } else {
                        assertThrows(IllegalArgumentException.class, () -> ApiTime.parseDuration(input));
                    }
                }));
    }
}
