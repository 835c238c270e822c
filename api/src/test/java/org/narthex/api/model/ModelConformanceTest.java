package org.narthex.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Test;
import org.narthex.api.Conformance;

/** Labels, matchers, durations and numbers against upstream's own tables. */
class ModelConformanceTest {
    @Test
    void regexesMatchWhatRe2Matches() throws IOException {
        JsonObject matrix = Conformance.json("labels/regex-matches.json").asJsonObject();
        JsonArray values = matrix.getJsonArray("values");
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (JsonValue entry : matrix.getJsonArray("regexes")) {
            String source = entry.asJsonObject().getString("regex");
            Set<Integer> expected = new HashSet<>();
            entry.asJsonObject()
                    .getJsonArray("matches_prometheus")
                    .forEach(index -> expected.add(Integer.parseInt(index.toString())));
            Regex regex = Regex.compile(source);
            for (int i = 0; i < values.size(); i++) {
                compared++;
                String value = value(values.get(i));
                if (regex.matches(value) != expected.contains(i)) {
                    wrong.add(source + " on " + value);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isEqualTo(73 * 70);
    }

    /** Bytes that are no UTF-8 become U+FFFD, one each, here as on every way in; Go's regular expressions take them for that too. */
    private static String value(JsonValue value) {
        return value instanceof JsonString text
                ? text.getString()
                : new String(
                        Base64.getDecoder().decode(value.asJsonObject().getString("base64")), StandardCharsets.UTF_8);
    }

    @Test
    void labelsPrintAndCompareAsUpstream() throws IOException {
        JsonObject file = Conformance.json("labels/labels.json").asJsonObject();
        for (JsonValue entry : file.getJsonArray("to_string")) {
            Labels labels = Labels.of(Conformance.texts(entry.asJsonObject().getJsonObject("labels")));
            assertThat(labels.toString()).isEqualTo(entry.asJsonObject().getString("string"));
        }
        Labels base = Labels.of(Conformance.texts(file.getJsonObject("compare_base")));
        for (JsonValue entry : file.getJsonArray("compare")) {
            Labels compared = Labels.of(Conformance.texts(entry.asJsonObject().getJsonObject("compared")));
            int expected = Integer.signum(entry.asJsonObject().getInt("expected"));
            assertThat(Integer.signum(base.compareTo(compared)))
                    .as("%s to %s", base, compared)
                    .isEqualTo(expected);
        }
    }

    @Test
    void matchersMatchAsUpstream() throws IOException {
        for (JsonValue entry :
                Conformance.json("labels/labels.json").asJsonObject().getJsonArray("matcher")) {
            JsonObject c = entry.asJsonObject();
            Matcher.Type type = List.of(Matcher.Type.values()).stream()
                    .filter(t -> t.symbol().equals(c.getString("op")))
                    .findFirst()
                    .orElseThrow();
            assertThat(Matcher.of(type, "l", c.getString("matcher_value")).matches(c.getString("value")))
                    .as(c.toString())
                    .isEqualTo(c.getBoolean("match"));
        }
    }

    @Test
    void durationsParseAndPrintAsUpstream() throws IOException {
        check("duration", c -> isDuration(c, PromDuration.parse(c.getString("input"))));
    }

    @Test
    void signedDurationsParseAndPrintAsUpstream() throws IOException {
        check("duration", "allow_negative_ok", c -> isDuration(c, PromDuration.parseSigned(c.getString("input"))));
    }

    @Test
    void durationsInTextParseAndPrintAsUpstream() throws IOException {
        check("duration_text", c -> isDuration(c, PromDuration.parse(c.getString("input"))));
    }

    /** A duration in JSON is its text as a string. */
    @Test
    void durationsInJsonParseAndPrintAsUpstream() throws IOException {
        check("duration_json", c -> {
            long millis = PromDuration.parse(unquoted(c.getString("input")));
            return millis == c.getJsonNumber("millis").longValue()
                    && PromDuration.format(millis).equals(unquoted(c.getString("canonical")));
        });
    }

    private static boolean isDuration(JsonObject c, long millis) {
        return millis == c.getJsonNumber("millis").longValue()
                && PromDuration.format(millis).equals(c.getString("canonical"));
    }

    private static String unquoted(String json) {
        try (JsonReader reader = Json.createReader(new StringReader("[" + json + "]"))) {
            return reader.readArray().getString(0);
        }
    }

    @Test
    void numbersPrintAsUpstream() throws IOException {
        check("float_format", c -> {
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(c.getString("bits"), 16));
            return SampleValue.format(value).equals(c.getString("api_json"))
                    && SampleValue.formatPlain(value).equals(c.getString("f"))
                    && SampleValue.formatGeneral(value).equals(c.getString("g"))
                    && SampleValue.formatExponent(value).equals(c.getString("e"));
        });
    }

    /** Which of the NaNs it is does not matter: that of Go's and that of Java's constant differ. */
    @Test
    void numbersParseAsUpstream() throws IOException {
        check("float_parse", c -> {
            double value = SampleValue.parse(c.getString("input"));
            long bits = Long.parseUnsignedLong(c.getString("bits"), 16);
            return Double.doubleToLongBits(value) == Double.doubleToLongBits(Double.longBitsToDouble(bits));
        });
    }

    /** Runs all cases of a kind; an IllegalArgumentException must come exactly where the case is not ok. */
    private static void check(String kind, Function<JsonObject, Boolean> isRight) throws IOException {
        check(kind, "ok", isRight);
    }

    private static void check(String kind, String ok, Function<JsonObject, Boolean> isRight) throws IOException {
        int cases = 0;
        List<JsonObject> wrong = new ArrayList<>();
        for (JsonValue entry : Conformance.json("durations-and-numbers.json").asJsonArray()) {
            JsonObject c = entry.asJsonObject();
            if (!c.getString("kind").equals(kind)) {
                continue;
            }
            cases++;
            boolean right;
            try {
                right = isRight.apply(c) && c.getBoolean(ok, false);
            } catch (IllegalArgumentException e) {
                right = !c.getBoolean(ok, false);
            }
            if (!right) {
                wrong.add(c);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).isPositive();
    }
}
