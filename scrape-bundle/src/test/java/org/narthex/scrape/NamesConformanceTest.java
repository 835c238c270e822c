package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;

/** Which names a page may have, by the classic rules and beyond them. */
class NamesConformanceTest {
    private static final Target TARGET = new Target(
            Labels.EMPTY, Labels.EMPTY, Labels.of("job", "j"), "", "", HistogramModes.CLASSIC, 10_000, 5_000);

    /** Whether a page with the name in the given place is taken. */
    private static boolean isTaken(String before, byte[] name, String after, boolean legacy) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        page.writeBytes(name);
        page.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        TestConfig config = new TestConfig("j");
        config.legacyNames = legacy;
        Intake intake = new Intake(new ScrapeMetrics(), Features.NONE);
        intake.begin(new TargetSeries(TARGET, config.build(), false), null, 1_000_000);
        try {
            intake.page(Conformance.roomy(page.toByteArray()), page.size(), ContentType.Format.TEXT);
            return true;
        } catch (ScrapeException e) {
            return false;
        }
    }

    private static int check(String list, String before, String after) throws Exception {
        int checked = 0;
        for (JsonObject test : Conformance.json("scrape/names-and-escaping.json")
                .getJsonArray(list)
                .getValuesAs(JsonObject.class)) {
            byte[] name = Conformance.bytes(test.get("name"));
            assertThat(isTaken(before, name, after, true))
                    .as("by the classic rules: " + test)
                    .isEqualTo(test.getBoolean("legacy"));
            assertThat(isTaken(before, name, after, false))
                    .as("beyond them: " + test)
                    .isEqualTo(test.getBoolean("utf8"));
            checked++;
        }
        return checked;
    }

    @Test
    void takesTheMetricNamesThatUpstreamTakes() throws Exception {
        assertThat(check("metric_name_valid", "{\"", "\",a=\"b\"} 1\n")).isEqualTo(11);
    }

    @Test
    void takesTheLabelNamesThatUpstreamTakes() throws Exception {
        assertThat(check("label_name_valid", "{\"m\",\"", "\"=\"b\"} 1\n")).isEqualTo(11);
    }
}
