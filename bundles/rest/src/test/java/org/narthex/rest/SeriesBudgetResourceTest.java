package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.scrape.SeriesReport;

class SeriesBudgetResourceTest {
    private final LiveServices services = Fakes.services();
    private final TestApi api = new TestApi(services);

    /** One job, and what was asked for. */
    private static final class Counted implements ScrapeTargets {
        String asked = "";

        @Override
        public List<Active> active() {
            return List.of();
        }

        @Override
        public List<Dropped> dropped() {
            return List.of();
        }

        @Override
        public SeriesReport series(String job, int limit) {
            asked = job + " " + limit;
            return new SeriesReport(
                    7,
                    100,
                    List.of(new SeriesReport.Job(
                            "web",
                            7,
                            5,
                            List.of(new SeriesReport.Label("user", 6, 7)),
                            List.of(new SeriesReport.Excess("requests", 6, "user", 6)))));
        }
    }

    @Test
    void tellsWhoHasTooManySeriesAndWhy() {
        Counted counted = new Counted();
        services.setScrapeTargets(counted);
        JsonObject data =
                Json.parse(api.get("cardinality").text()).asJsonObject().getJsonObject("data");
        assertThat(counted.asked).isEqualTo(" 10");
        assertThat(data.getInt("series")).isEqualTo(7);
        assertThat(data.getInt("budget")).isEqualTo(100);
        JsonObject job = data.getJsonArray("jobs").getJsonObject(0);
        assertThat(job.getInt("over")).isEqualTo(2);
        assertThat(job.getJsonArray("labels").getJsonObject(0).getInt("values")).isEqualTo(6);
        assertThat(job.getJsonArray("wouldDrop").getJsonObject(0).getString("metric"))
                .isEqualTo("requests");
        api.get("cardinality?job=web&limit=3");
        assertThat(counted.asked).isEqualTo("web 3");
        assertThat(api.get("cardinality?limit=x").text()).contains("limit must be a number");
    }
}
