package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;

/** Numbers as Go's {@code %.4g} prints them, read from where {@code conformance.dir} points. */
class GoFormatConformanceTest {
    @Test
    @SuppressWarnings("unchecked")
    void printsFourDigitsAsGo() throws IOException {
        Path file = Path.of(System.getProperty("conformance.dir", ""), "durations-and-numbers.json");
        assumeTrue(Files.exists(file), "no conformance cases at " + file);
        int compared = 0;
        for (Map<String, Object> each : (List<Map<String, Object>>) Json.parse(Files.readString(file))) {
            if (each.get("kind").equals("float_format")) {
                double value = Double.longBitsToDouble(Long.parseUnsignedLong((String) each.get("bits"), 16));
                assertThat(GoFormat.general(value, 4)).isEqualTo(each.get("percent_4g"));
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }
}
