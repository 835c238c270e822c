package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.api.storage.ExemplarSeries;

class MetadataResourceTest {
    private final LiveServices services = Fakes.services();
    private final Fakes.Series storage = new Fakes.Series();
    private final TestApi api = new TestApi(services);

    MetadataResourceTest() {
        services.setStorage(storage);
    }

    private void assertData(String expected, TestApi.Answer answer) {
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":" + expected + "}"),
                Json.parse(answer.text()),
                answer.text());
    }

    @Test
    void listsWhatIsKnownAboutMetrics() {
        storage.metadata = Map.of(
                "b_total",
                List.of(
                        new Metadata(MetricType.COUNTER, "", "How many."),
                        new Metadata(MetricType.COUNTER, "", "How much.")),
                "a_seconds",
                List.of(new Metadata(MetricType.GAUGE, "seconds", "How long.")));
        String a = "\"a_seconds\":[{\"type\":\"gauge\",\"unit\":\"seconds\",\"help\":\"How long.\"}]";
        String many = "{\"type\":\"counter\",\"unit\":\"\",\"help\":\"How many.\"}";
        String much = "{\"type\":\"counter\",\"unit\":\"\",\"help\":\"How much.\"}";
        assertData("{" + a + ",\"b_total\":[" + many + "," + much + "]}", api.get("metadata"));
        assertData("{" + a + "}", api.get("metadata?limit=1"));
        assertData("{}", api.get("metadata?limit=0"));
        assertData("{" + a + ",\"b_total\":[" + many + "]}", api.get("metadata?limit_per_metric=1&metric=x"));
        assertEquals("metadata x", storage.commands.get(3));
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"limit must be a number\"}",
                api.get("metadata?limit=x").text());
    }

    @Test
    void findsExemplarsOfAllSelectorsOfTheExpression() {
        storage.exemplars = List.of(new ExemplarSeries(
                Labels.of("__name__", "up", "job", "a"),
                List.of(new Exemplar(Labels.of("trace_id", "t1"), 0.25, 1_500), new Exemplar(Labels.EMPTY, 3, 2_000))));
        assertData(
                "[{\"seriesLabels\":{\"__name__\":\"up\",\"job\":\"a\"},\"exemplars\":["
                        + "{\"labels\":{\"trace_id\":\"t1\"},\"value\":\"0.25\",\"timestamp\":1.500},"
                        + "{\"labels\":{},\"value\":\"3\",\"timestamp\":2}]}]",
                api.postForm("query_exemplars", "query=up&start=1&end=2.5"));
        assertEquals(1, storage.commands.size());
        assertEquals(true, storage.commands.get(0).endsWith(" 1000 2500"), storage.commands::toString);
    }

    @Test
    void answersWithoutContentWhereThereIsNoSelector() {
        TestApi.Answer answer = api.get("query_exemplars?query=1");
        assertEquals(204, answer.status());
        assertEquals("", answer.text());
    }

    @Test
    void refusesTimesInTheWrongOrder() {
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":"
                        + "\"invalid parameter \\\"end\\\": end timestamp must not be before start timestamp\"}",
                api.get("query_exemplars?query=up&start=2&end=1").text());
    }
}
