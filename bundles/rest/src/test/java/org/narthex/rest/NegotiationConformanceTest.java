package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Formats and spellings of names that Prometheus' own library chooses, where {@code -Dconformance.dir} names its cases. */
class NegotiationConformanceTest {
    private static JsonObject file(String name) throws IOException {
        String dir = System.getProperty("conformance.dir", "");
        assumeTrue(!dir.isEmpty(), "no -Dconformance.dir");
        return Json.parse(Files.readString(Path.of(dir, "scrape", name))).asJsonObject();
    }

    private static Stream<DynamicTest> cases(String list, Set<ExpositionFormat> offered, NameEscaping usual)
            throws IOException {
        return file("negotiate.json").getJsonObject("tests").getJsonArray(list).getValuesAs(JsonObject.class).stream()
                .map(test -> dynamicTest(
                        test.getString("name"),
                        () -> assertEquals(
                                test.getString("expectedFmt"),
                                Negotiation.of(test.getString("acceptHeaderValue"), offered, usual)
                                        .contentType())));
    }

    @TestFactory
    Stream<DynamicTest> choosesAFormat() throws IOException {
        Set<ExpositionFormat> offered = EnumSet.complementOf(
                EnumSet.of(ExpositionFormat.OPEN_METRICS_0_0_1, ExpositionFormat.OPEN_METRICS_1_0_0));
        return cases("TestNegotiate", offered, NameEscaping.UNDERSCORES);
    }

    @TestFactory
    Stream<DynamicTest> choosesAFormatWhereOpenMetricsIsToBeHad() throws IOException {
        return cases("TestNegotiateIncludingOpenMetrics", EnumSet.allOf(ExpositionFormat.class), NameEscaping.VALUES);
    }

    @TestFactory
    Stream<DynamicTest> escapesNames() throws IOException {
        return file("names-and-escaping.json").getJsonArray("escape").getValuesAs(JsonObject.class).stream()
                .map(test -> dynamicTest("name " + test.getString("input"), () -> {
                    String name = test.getString("input");
                    assertEquals(name, NameEscaping.ALLOW_UTF_8.escape(name));
                    assertEquals(test.getString("underscores"), NameEscaping.UNDERSCORES.escape(name));
                    assertEquals(test.getString("dots"), NameEscaping.DOTS.escape(name));
                    assertEquals(test.getString("values"), NameEscaping.VALUES.escape(name));
                    assertEquals(name, EscapedName.unescape(NameEscaping.VALUES.escape(name)));
                }));
    }

    @TestFactory
    Stream<DynamicTest> readsEscapedNames() throws IOException {
        return file("names-and-escaping.json").getJsonArray("values_unescape").getValuesAs(JsonObject.class).stream()
                .map(test -> dynamicTest(
                        "name " + test.getString("input"),
                        () -> assertEquals(test.getString("expected"), EscapedName.unescape(test.getString("input")))));
    }
}
