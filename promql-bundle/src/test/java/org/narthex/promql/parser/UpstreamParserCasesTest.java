package org.narthex.promql.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.promql.function.Functions;
import org.narthex.promql.plan.Selectors;

/** Runs the cases of upstream's lexer, parser and printer tests, where {@code -Dconformance.dir} tells where they are. All must pass. */
class UpstreamParserCasesTest {
    private static final Functions FUNCTIONS = Functions.builtIn();

    /** The language with the options a case asks for; those of upstream's that are always on have no switch here. */
    private record Switched(Set<String> options) implements Language {
        static Switched of(JsonObject one) {
            JsonArray options =
                    one.containsKey("parser_options") ? one.getJsonArray("parser_options") : JsonArray.EMPTY_JSON_ARRAY;
            return new Switched(Set.copyOf(options.getValuesAs(JsonString::getString)));
        }

        @Override
        public Optional<Signature> function(String name) {
            return Optional.ofNullable(FUNCTIONS.signatures().get(name));
        }

        @Override
        public boolean experimentalFunctions() {
            return options.contains("promql-experimental-functions");
        }

        @Override
        public boolean extendedRangeSelectors() {
            return options.contains("promql-extended-range-selectors");
        }

        @Override
        public boolean fillModifiers() {
            return options.contains("promql-binop-fill-modifiers");
        }
    }

    /** What is wrong with a case; empty if nothing. */
    @FunctionalInterface
    private interface Check extends Function<JsonObject, Optional<String>> {}

    @TestFactory
    Stream<DynamicTest> pass() throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(folder.isEmpty(), "conformance.dir is not given");
        Path file = Path.of(folder, "durations-and-numbers.json");
        Assumptions.assumeTrue(Files.isReadable(file), file + " is not there");
        JsonArray cases;
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
            cases = reader.readArray();
        }
        return Stream.of(
                test(cases, "expr", UpstreamParserCasesTest::expr),
                test(cases, "lex", UpstreamParserCasesTest::lex),
                test(cases, "print", UpstreamParserCasesTest::print),
                test(cases, "print_selector", UpstreamParserCasesTest::printSelector),
                test(cases, "prettify", UpstreamParserCasesTest::prettify),
                test(cases, "extract_selectors", UpstreamParserCasesTest::selectors),
                test(cases, "series", UpstreamParserCasesTest::series),
                test(cases, "histogram_print", UpstreamParserCasesTest::histogram));
    }

    private static DynamicTest test(JsonArray cases, String kind, Check check) {
        return DynamicTest.dynamicTest(kind, () -> {
            int total = 0;
            List<String> failures = new ArrayList<>();
            for (JsonValue value : cases) {
                JsonObject one = value.asJsonObject();
                if (one.getString("kind").equals(kind)) {
                    total++;
                    check.apply(one).ifPresent(why -> failures.add(one.get("input") + ": " + why));
                }
            }
            System.out.printf("%s: %d of %d%n", kind, total - failures.size(), total);
            assertThat(failures).isEmpty();
            assertThat(total).isPositive();
        });
    }

    private static Optional<String> compare(Object wanted, Object found) {
        return wanted.equals(found) ? Optional.empty() : Optional.of(wanted + " expected, got " + found);
    }

    private static Optional<String> expr(JsonObject one) {
        Expr expr;
        try {
            expr = Parser.parse(AstCheck.text(one.get("input")), Switched.of(one));
        } catch (ParseException e) {
            return one.getBoolean("ok") ? Optional.of("refused: " + e.getMessage()) : error(one, e);
        }
        if (!one.getBoolean("ok")) {
            return Optional.of("not refused");
        }
        List<String> differences =
                one.containsKey("ast") ? AstCheck.differences(one.getJsonObject("ast"), expr) : List.of();
        return differences.isEmpty() ? Optional.empty() : Optional.of(differences.toString());
    }

    /** Upstream goes on after an error; its message shows the first one alone, and so do we. */
    private static Optional<String> error(JsonObject one, ParseException e) {
        if (one.containsKey("errors")) {
            JsonObject error = one.getJsonArray("errors").getJsonObject(0);
            Span span = new Span(error.getInt("start"), error.getInt("end"));
            return compare(span + " " + error.getString("message"), e.span() + " " + e.reason());
        }
        String part = one.getString("errSubstring", "");
        return e.getMessage().contains(part) ? Optional.empty() : compare(part, e.getMessage());
    }

    private static Optional<String> lex(JsonObject one) {
        List<String> found = new ArrayList<>();
        String input = AstCheck.text(one.get("input"));
        try {
            if (one.getBoolean("series_desc")) {
                SeriesLexer.items(input)
                        .forEach(item ->
                                found.add(item.type() + "@" + item.span().start() + " " + item.text()));
            } else {
                for (Token token : Lexer.tokensAndComments(input)) {
                    found.add(token.type() + "@" + token.span().start() + " " + token.text());
                }
            }
        } catch (ParseException e) {
            found.add("ERROR" + e.getMessage());
        }
        if (!one.getBoolean("ok")) {
            return found.stream().anyMatch(token -> token.startsWith("ERROR"))
                    ? Optional.empty()
                    : Optional.of("not refused");
        }
        List<String> wanted = new ArrayList<>();
        for (JsonValue value : one.getJsonArray("tokens")) {
            JsonObject token = value.asJsonObject();
            wanted.add(token.getString("type") + "@" + token.getInt("pos") + " " + token.getString("text"));
        }
        found.removeIf(token -> token.startsWith("EOF@"));
        wanted.removeIf(token -> token.startsWith("EOF@"));
        return compare(wanted, found);
    }

    private static Optional<String> print(JsonObject one) {
        try {
            Language language = Switched.of(one);
            String printed = Printer.print(Parser.parse(one.getString("input"), language));
            String again = Printer.print(Parser.parse(printed, language));
            return compare(one.getString("canonical"), printed).or(() -> compare(printed, again));
        } catch (ParseException e) {
            return Optional.of("refused: " + e.getMessage());
        }
    }

    private static Optional<String> printSelector(JsonObject one) {
        JsonObject selector = one.getJsonObject("selector");
        List<Matcher> matchers = new ArrayList<>();
        for (JsonObject matcher : selector.getJsonArray("matchers").getValuesAs(JsonObject.class)) {
            Matcher.Type type = Stream.of(Matcher.Type.values())
                    .filter(t -> t.symbol().equals(matcher.getString("op")))
                    .findAny()
                    .orElseThrow();
            matchers.add(Matcher.of(type, matcher.getString("name"), matcher.getString("value")));
        }
        String printed = Printer.print(new Expr.VectorSelector(
                selector.getString("name"), matchers, Expr.Edges.PLAIN, Expr.Shift.NONE, new Span(0, 0)));
        return compare(one.getString("canonical"), printed);
    }

    private static Optional<String> prettify(JsonObject one) {
        try {
            Language language = Switched.of(one);
            Expr expr = Parser.parse(one.getString("input"), language);
            String pretty = Prettifier.format(expr, one.getInt("max_characters_per_line"), 100_000);
            String again = Printer.print(Parser.parse(pretty, language));
            return compare(one.getString("pretty"), pretty).or(() -> compare(Printer.print(expr), again));
        } catch (ParseException e) {
            return Optional.of("refused: " + e.getMessage());
        }
    }

    private static Optional<String> selectors(JsonObject one) {
        try {
            List<String> found = new ArrayList<>();
            for (List<Matcher> matchers : Selectors.of(Parser.parse(one.getString("input"), Switched.of(one)))) {
                List<String> printed = matchers.stream()
                        .map(matcher -> matcher.name() + matcher.type().symbol() + Quoting.quote(matcher.value()))
                        .toList();
                found.add("{" + String.join(", ", printed) + "}");
            }
            return compare(one.getJsonArray("expected").getValuesAs(JsonString::getString), found);
        } catch (ParseException e) {
            return Optional.of("refused: " + e.getMessage());
        }
    }

    private static Optional<String> series(JsonObject one) {
        SeriesParser.Series series;
        try {
            series = SeriesParser.parse(one.getString("input"));
        } catch (ParseException e) {
            // Upstream names keys of histograms by their number in its generated parser.
            String part = one.getString("errSubstring", "").replaceAll("\"<Item \\d+>\" ", "");
            if (one.getBoolean("ok")) {
                return Optional.of("refused: " + e.getMessage());
            }
            return e.getMessage().contains(part) ? Optional.empty() : compare(part, e.getMessage());
        }
        if (!one.getBoolean("ok")) {
            return Optional.of("not refused");
        }
        List<String> found = new ArrayList<>();
        for (SeriesParser.Value value : series.values()) {
            found.add(
                    value.omitted()
                            ? "_"
                            : value.histogram() == null
                                    ? String.valueOf(value.value())
                                    : SeriesHistogramText.of(value.histogram()));
        }
        List<String> wanted = new ArrayList<>();
        boolean histograms = one.containsKey("expected_histograms");
        for (JsonObject value : one.getJsonArray(histograms ? "expected_histograms" : "expected_values")
                .getValuesAs(JsonObject.class)) {
            wanted.add(
                    histograms
                            ? SeriesHistogramText.of(UpstreamHistogram.of(value))
                            : value.getBoolean("omitted", false)
                                    ? "_"
                                    : String.valueOf(
                                            value.getJsonNumber("value").doubleValue()));
        }
        Labels.Builder labels = Labels.builder();
        if (one.containsKey("expected_labels")) {
            JsonObject expected = one.getJsonObject("expected_labels");
            expected.keySet().forEach(name -> labels.set(name, expected.getString(name)));
        }
        return compare(wanted, found).or(() -> compare(labels.build(), series.metric()));
    }

    private static Optional<String> histogram(JsonObject one) {
        try {
            String expected = one.getString("expected");
            String printed = SeriesHistogramText.of(UpstreamHistogram.of(one.getJsonObject("input_histogram")));
            String again = SeriesHistogramText.of(
                    SeriesParser.parse(one.getString("input")).values().get(0).histogram());
            return compare(expected, printed).or(() -> compare(expected, again));
        } catch (ParseException e) {
            return Optional.of("refused: " + e.getMessage());
        }
    }
}
