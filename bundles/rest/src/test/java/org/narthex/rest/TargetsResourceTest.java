package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
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
    void listsScrapePools() {
        assertEquals(Json.parse("{\"scrapePools\":[\"a\",\"b\"]}"), data("scrape_pools"));
    }
}
