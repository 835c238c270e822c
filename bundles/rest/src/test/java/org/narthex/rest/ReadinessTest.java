package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.scrape.ScrapeTargets;

class ReadinessTest {
    private volatile String replaying = "storage: replaying the WAL, segment 3 of 9";

    private final LiveServices services = Fakes.services();
    private final Readiness readiness =
            new Readiness(services, List.of(() -> Optional.of(replaying).filter(text -> !text.isEmpty())));
    private final TestApi api = new TestApi(services, readiness, Map.of());

    @Test
    void namesAllThatIsMissingInOrder() {
        Readiness none = new Readiness(new LiveServices(), List.of());
        assertEquals(
                List.of(
                        "config: not loaded",
                        "storage: not started",
                        "query engine: not started",
                        "scrape: not started",
                        "rules: not started",
                        "api: not started"),
                none.missing());
    }

    @Test
    void isReadyWhenNoCheckMissesAnything() {
        readiness.apiMounted(true);
        assertEquals(List.of(replaying), readiness.missing());
        replaying = "";
        assertTrue(readiness.missing().isEmpty());
    }

    @Test
    void survivesACheckThatFails() {
        Readiness failing = new Readiness(services, List.of(() -> {
            throw new IllegalStateException("broken");
        }));
        failing.apiMounted(true);
        assertTrue(failing.missing().get(0).contains("broken"));
    }

    @Test
    void answersOnlyWhatShowsTheStartUntilReady() {
        TestApi.Answer answer = api.get("query?query=up");
        assertEquals(503, answer.status());
        assertEquals("Service Unavailable", answer.text().strip());
        assertEquals("false", answer.header("X-Prometheus-Stopping"));
        assertEquals(200, api.get("status/config").status());
        assertEquals(200, api.get("targets").status());

        readiness.apiMounted(true);
        replaying = "";
        assertEquals(200, api.get("query?query=up").status());
    }

    @Test
    void goesOnAnsweringWhenAPartGoesLater() {
        readiness.apiMounted(true);
        replaying = "";
        assertTrue(readiness.wasReady());
        ScrapeTargets targets = services.scrapeTargets.required();
        services.unsetScrapeTargets(targets);
        assertFalse(readiness.missing().isEmpty());
        assertTrue(readiness.wasReady());
    }
}
