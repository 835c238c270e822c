package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServlet;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;
import org.narthex.api.scrape.MetricSink;

/** The formats of {@code /metrics} that are more than a listing of what the exporters say. */
class MetricsFormatsTest {
    private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private final HttpServlet metrics = new MetricsServlet(List.of(MetricsFormatsTest::measure));

    private static void measure(MetricSink sink) {
        sink.counter("jobs_total", "Jobs.", 3, "queue.name", "a\"b");
        sink.family("took_seconds", MetricType.HISTOGRAM, "");
        sink.sample("took_seconds_bucket", 1, "job", "x", "le", "0.5");
        sink.sample("took_seconds_bucket", 2, "job", "x", "le", "+Inf");
        sink.sample("took_seconds_sum", 1.5, "job", "x");
        sink.sample("took_seconds_count", 2, "job", "x");
        sink.family("wait_seconds", MetricType.SUMMARY, "");
        sink.sample("wait_seconds", 7, "quantile", "1");
        sink.sample("wait_seconds_sum", 8);
        sink.sample("wait_seconds_count", 4);
    }

    @Test
    void openMetricsHasItsOwnNamesAndNumbers() throws Exception {
        FakeHttp answer = FakeHttp.call(metrics, "GET", "/metrics", "Accept", OPEN_METRICS);
        assertEquals(
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
                answer.headers.get("Content-Type"));
        assertEquals("""
                # HELP jobs Jobs.
                # TYPE jobs counter
                jobs_total{queue_name="a\\"b"} 3.0
                # TYPE took_seconds histogram
                took_seconds_bucket{job="x",le="0.5"} 1
                took_seconds_bucket{job="x",le="+Inf"} 2
                took_seconds_sum{job="x"} 1.5
                took_seconds_count{job="x"} 2
                # TYPE wait_seconds summary
                wait_seconds{quantile="1.0"} 7.0
                wait_seconds_sum 8.0
                wait_seconds_count 4
                # EOF
                """, answer.text());
    }

    @Test
    void protobufPutsHistogramsAndSummariesTogetherAgain() throws Exception {
        FakeHttp answer =
                FakeHttp.call(metrics, "GET", "/metrics", "Accept", PROTOBUF + ";q=0.7," + OPEN_METRICS + ";q=0.6");
        assertEquals(
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; "
                        + "escaping=underscores",
                answer.headers.get("Content-Type"));
        ByteBuffer in = ByteBuffer.wrap(answer.body.toByteArray());
        List<String> families = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] family = new byte[(int) varint(in)];
            in.get(family);
            families.add(text(family, "family"));
        }
        assertEquals(
                List.of(
                        "1:jobs_total 2:Jobs. 3:0 4:{1:{1:queue_name 2:a\"b} 3:{1:3.0}}",
                        "1:took_seconds 3:4 4:{1:{1:job 2:x} 7:{3:{1:1 2:0.5} 3:{1:2 2:Infinity} 2:1.5 1:2}}",
                        "1:wait_seconds 3:2 4:{4:{3:{1:1.0 2:7.0} 2:8.0 1:4}}"),
                families);
    }

    /** Spells a message out; fields of length are messages where the path of their numbers leads to one, else texts. */
    private static String text(byte[] message, String path) {
        List<String> fields = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long key = varint(in);
            long number = key >>> 3;
            switch ((int) (key & 7)) {
                case 0 -> fields.add(number + ":" + varint(in));
                case 1 -> fields.add(number + ":" + in.getDouble());
                default -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    String below = path + "." + number;
                    boolean nested = below.matches("family\\.4(\\.[13]|\\.[47](\\.3)?)?");
                    fields.add(number + ":"
                            + (nested ? "{" + text(bytes, below) + "}" : new String(bytes, StandardCharsets.UTF_8)));
                }
            }
        }
        return String.join(" ", fields);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    /** Upstream's own cases, but for units, exemplars, and times, which no exporter here can give. */
    @TestFactory
    Stream<DynamicTest> writesOpenMetricsAsUpstreamDoes() throws IOException {
        String dir = System.getProperty("conformance.dir", "");
        assumeTrue(!dir.isEmpty(), "no -Dconformance.dir");
        return Json.parse(Files.readString(Path.of(dir, "text-format", "openmetrics-create.json")))
                .asJsonObject()
                .getJsonArray("cases")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(test -> !test.toString().contains("unit\"")
                        && !test.toString().contains("exemplar\"")
                        && !test.toString().contains("created_timestamp")
                        && !test.getJsonObject("family").getJsonArray("metric").isEmpty()
                        && !test.getString("output").contains("gaugehistogram"))
                .map(test -> dynamicTest(
                        test.getJsonObject("family").getString("name"),
                        () -> assertEquals(
                                // The times of samples are the scraping server's.
                                test.getString("output").replace(" 1.23456789e+06\n", "\n") + "# EOF\n",
                                OpenMetricsText.of(families(test.getJsonObject("family"))))));
    }

    private static MetricFamilies families(JsonObject family) {
        MetricFamilies families = new MetricFamilies();
        String name = family.getString("name");
        String type = family.getString("type");
        families.family(
                name,
                type.equals("UNTYPED") ? MetricType.UNKNOWN : MetricType.valueOf(type),
                family.getString("help", ""));
        for (JsonObject metric : family.getJsonArray("metric").getValuesAs(JsonObject.class)) {
            List<String> labels = new ArrayList<>();
            if (metric.containsKey("label")) {
                metric.getJsonArray("label").getValuesAs(JsonObject.class).forEach(label -> {
                    labels.add(label.getString("name"));
                    labels.add(label.getString("value"));
                });
            }
            JsonValue value =
                    metric.getJsonObject(type.toLowerCase(Locale.ROOT)).get("value");
            families.sample(name, number(value), labels.toArray(String[]::new));
        }
        return families;
    }

    private static double number(JsonValue value) {
        return value instanceof JsonNumber number
                ? number.doubleValue()
                : SampleValue.parse(value.asJsonObject().getString("float"));
    }
}
