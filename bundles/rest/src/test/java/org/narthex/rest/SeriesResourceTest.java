package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;

class SeriesResourceTest {
    private final Fakes.Series storage = new Fakes.Series(
            Labels.of("__name__", "up", "job", "a"),
            Labels.of("__name__", "up", "job", "b"),
            Labels.of("__name__", "load", "host.name", "x"));
    private final LiveServices services = Fakes.services();
    private final TestApi api = new TestApi(services);

    SeriesResourceTest() {
        services.setStorage(storage);
    }

    private void assertData(String data, String path) {
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":" + data + "}"),
                Json.parse(api.get(path).text()));
    }

    private void assertBad(String message, String path) {
        TestApi.Answer answer = api.get(path);
        assertEquals(400, answer.status());
        assertTrue(answer.text().contains("\"error\":\"" + message), answer.text());
    }

    @Test
    void unitesTheSeriesOfAllSelectors() {
        assertData(
                "[{\"__name__\":\"load\",\"host.name\":\"x\"},{\"__name__\":\"up\",\"job\":\"a\"},{\"__name__\":\"up\",\"job\":\"b\"}]",
                "series?match[]=up&match[]=load&match[]=job%3Da");
    }

    @Test
    void readsTheWholeRangeUnlessToldOtherwise() {
        api.get("series?match[]=up");
        assertEquals(ApiTime.MIN_MS, storage.askedMinMs);
        assertEquals(ApiTime.MAX_MS, storage.askedMaxMs);
        api.get("series?match[]=up&start=1&end=2.5");
        assertEquals(1_000, storage.askedMinMs);
        assertEquals(2_500, storage.askedMaxMs);
    }

    @Test
    void wantsASelectorThatSelects() {
        assertBad("no match[] parameter provided", "series");
        assertBad(
                "invalid parameter \\\"match[]\\\": match[] must contain at least one non-empty matcher",
                "series?match[]=job%3D");
        assertBad("invalid parameter \\\"match[]\\\": 1:1: parse error", "labels?match[]=%7B");
    }

    @Test
    void asksToTryAgainWhileTheStorageStarts() {
        storage.notReady = "storage: replaying the WAL";
        for (String path : new String[] {"series?match[]=up", "labels", "label/job/values", "status/tsdb"}) {
            TestApi.Answer answer = api.get(path);
            assertEquals(503, answer.status(), path);
            assertEquals("1", answer.header("Retry-After"), path);
            assertTrue(answer.text().contains("replaying the WAL"), answer.text());
        }
    }

    @Test
    void listsLabelNames() {
        assertData("[\"__name__\",\"host.name\",\"job\"]", "labels");
        assertData("[\"__name__\",\"host.name\",\"job\"]", "labels?match[]=up&match[]=load");
        assertData("[\"__name__\",\"job\"]", "labels?match[]=up");
    }

    @Test
    void listsLabelValues() {
        assertData("[\"a\",\"b\"]", "label/job/values");
        assertData("[\"load\",\"up\"]", "label/__name__/values");
        assertData("[\"x\"]", "label/host.name/values");
        assertData("[\"x\"]", "label/U__host_2e_name/values");
        assertData("[]", "label/none/values");
    }

    @Test
    void cutsAtTheLimitAndSaysSo() {
        String warning = ",\"warnings\":[\"results truncated due to limit\"]}";
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":[\"a\"]" + warning),
                Json.parse(api.get("label/job/values?limit=1").text()));
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":[{\"__name__\":\"load\",\"host.name\":\"x\"}]" + warning),
                Json.parse(api.get("series?match[]=up&match[]=load&limit=1").text()));
        assertData("[\"a\",\"b\"]", "label/job/values?limit=2");
    }

    @Test
    void says503WithRetryAfterWhileThereIsNoStorage() {
        services.unsetStorage(storage);
        TestApi.Answer answer = api.get("labels");
        assertEquals(503, answer.status());
        assertEquals("1", answer.header("Retry-After"));
        assertTrue(answer.text().contains("\"errorType\":\"unavailable\""), answer.text());
    }
}
