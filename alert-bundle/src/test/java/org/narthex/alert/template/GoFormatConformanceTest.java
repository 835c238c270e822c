package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;

/** Numbers as Go's {@code %.4g} prints them, read from where {@code conformance.dir} points. */
class GoFormatConformanceTest {
    @Test
    @SuppressWarnings("unchecked")
    void printsFourDigitsAsGo() throws IOException {
        int compared = 0;
        for (Map<String, Object> each : (List<Map<String, Object>>) Json.conformance("durations-and-numbers.json")) {
            if (each.get("kind").equals("float_format")) {
                double value = Double.longBitsToDouble(Long.parseUnsignedLong((String) each.get("bits"), 16));
                assertThat(GoFormat.general(value, 4)).isEqualTo(each.get("percent_4g"));
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }
}
