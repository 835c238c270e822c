package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.ScrapeTargets;

class TargetsResourceTest {
    private static final ScrapeTargets.Active A = new ScrapeTargets.Active(
            Labels.of("__address__", "x:1", "job", "a"),
            Labels.of("instance", "x:1", "job", "a"),
            "a",
            "http://x:1/metrics",
            "http://host:1/metrics",
            "",
            1_700_000_000_123L,
            0.25,
            ScrapeTargets.Health.UP,
            15_000,
            90_000);
    private static final ScrapeTargets.Active B = new ScrapeTargets.Active(
            Labels.of("__address__", "y:1"),
            Labels.of("instance", "y:1"),
            "b",
            "http://y:1/metrics",
            "http://y:1/metrics",
            "connection refused",
            0,
            0,
            ScrapeTargets.Health.UNKNOWN,
            60_000,
            10_000);

    private final LiveServices services = Fakes.services();
    private final TestApi api = new TestApi(services);

    TargetsResourceTest() {
        services.setScrapeTargets(new Fakes.Targets(
                List.of(A, B), List.of(new ScrapeTargets.Dropped(Labels.of("__address__", "z:1"), "b"))));
    }

    private JsonObject data(String path) {
        return Json.parse(api.get(path).text()).asJsonObject().getJsonObject("data");
    }

    @Test
    void listsAllTargets() throws IOException {
        Json.assertGolden("targets.json", api.get("targets").text());
        Json.assertGolden("targets.json", api.get("targets?state=any").text());
    }

    @Test
    void filtersByStateAndPool() {
        assertEquals(
                0, data("targets?state=active").getJsonArray("droppedTargets").size());
        assertEquals(
                2, data("targets?state=active").getJsonArray("activeTargets").size());
        assertEquals(
                0, data("targets?state=dropped").getJsonArray("activeTargets").size());
        assertEquals(
                1, data("targets?state=dropped").getJsonArray("droppedTargets").size());
        assertEquals(
                1, data("targets?scrapePool=a").getJsonArray("activeTargets").size());
        assertEquals(
                0, data("targets?scrapePool=a").getJsonArray("droppedTargets").size());
    }

    @Test
    void tellsWhatTargetsSayAboutMetrics() {
        Labels first = Labels.of("job", "a", "instance", "x");
        Labels second = Labels.of("job", "a", "instance", "y");
        Metadata up = new Metadata(MetricType.GAUGE, "", "Whether it is up.");
        services.setScrapeTargets(new Fakes.Targets(
                List.of(A, B),
                List.of(),
                List.of(
                        new ScrapeTargets.TargetMetadata(first, "m", up),
                        new ScrapeTargets.TargetMetadata(
                                first, "n_seconds", new Metadata(MetricType.COUNTER, "seconds", "N.")),
                        new ScrapeTargets.TargetMetadata(second, "m", up))));
        String x = "{\"target\":{\"job\":\"a\",\"instance\":\"x\"},";
        String y = "{\"target\":{\"job\":\"a\",\"instance\":\"y\"},";
        String m = "\"type\":\"gauge\",\"help\":\"Whether it is up.\",\"unit\":\"\"}";
        String n = "\"metric\":\"n_seconds\",\"type\":\"counter\",\"help\":\"N.\",\"unit\":\"seconds\"}";
        assertMetadata("[" + x + "\"metric\":\"m\"," + m + "," + x + n + "," + y + "\"metric\":\"m\"," + m + "]", "");
        assertMetadata("[" + x + m + "," + y + m + "]", "?metric=m");
        assertMetadata("[" + x + m + "]", "?metric=m&limit=1");
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"not_found\",\"error\":\"specified metadata not found\"}",
                api.get("targets/metadata?metric=x").text());
        assertEquals(
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"limit must be a number\"}",
                api.get("targets/metadata?limit=x").text());
        assertEquals(
                Json.parse("{\"m\":[{\"type\":\"gauge\",\"unit\":\"\",\"help\":\"Whether it is up.\"}]}"),
                data("metadata?metric=m"));
    }

    private void assertMetadata(String expected, String query) {
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":" + expected + "}"),
                Json.parse(api.get("targets/metadata" + query).text()));
    }

    @Test
    void listsScrapePools() {
        assertEquals(Json.parse("{\"scrapePools\":[\"a\",\"b\"]}"), data("scrape_pools"));
    }
}
