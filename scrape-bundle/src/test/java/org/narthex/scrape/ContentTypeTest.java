package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import jakarta.json.Json;
import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;

class ContentTypeTest {
    private static final Map<String, ContentType.Format> PARSERS = Map.of(
            "prometheus-text", ContentType.Format.TEXT,
            "openmetrics-text", ContentType.Format.OPENMETRICS,
            "protobuf", ContentType.Format.PROTOBUF);

    @Test
    void choosesTheFormatLikeUpstream() throws Exception {
        String folder = System.getProperty("conformance.dir", "");
        assumeTrue(!folder.isEmpty(), "no -Dconformance.dir");
        try (InputStream in = Files.newInputStream(Path.of(folder, "scrape/content-type.json"));
                var reader = Json.createReader(in)) {
            for (JsonObject test : reader.readObject().getJsonArray("cases").getValuesAs(JsonObject.class)) {
                ContentType.Format format = null;
                String error = "";
                try {
                    format = ContentType.of(
                            test.getString("content_type"),
                            test.isNull("fallback_scrape_protocol") ? "" : test.getString("fallback_scrape_protocol"));
                } catch (ScrapeException e) {
                    error = e.getMessage();
                }
                assertThat(format)
                        .as(test.toString())
                        .isEqualTo(test.isNull("parser") ? null : PARSERS.get(test.getString("parser")));
                if (test.isNull("parser")) {
                    assertThat(error).contains(test.getString("errSubstring"));
                }
            }
        }
    }
}
