package org.narthex.promql.parser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
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
import org.narthex.promql.function.Functions;

/**
 * Runs the cases of upstream's lexer, parser and printer tests, where {@code -Dconformance.dir} tells where they are. How many of each kind pass
 * is kept in {@code parser-floors.properties} and must never become less.
 */
class UpstreamParserCasesTest {
    private static final Functions FUNCTIONS = Functions.builtIn();

    private static final Language LANGUAGE = new Language() {
        @Override
        public Optional<Signature> function(String name) {
            return Optional.ofNullable(FUNCTIONS.signatures().get(name));
        }

        @Override
        public boolean experimentalFunctions() {
            return true;
        }

        @Override
        public boolean extendedRangeSelectors() {
            return true;
        }

        @Override
        public boolean fillModifiers() {
            return true;
        }
    };

    @TestFactory
    Stream<DynamicTest> passAtLeastAsManyCasesAsBefore() throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(folder.isEmpty(), "conformance.dir is not given");
        Path file = Path.of(folder, "durations-and-numbers.json");
        Assumptions.assumeTrue(Files.isReadable(file), file + " is not there");
        Properties floors = new Properties();
        try (InputStream in = getClass().getResourceAsStream("/parser-floors.properties")) {
            floors.load(in);
        }
        JsonArray cases;
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
            cases = reader.readArray();
        }
        return new TreeSet<>(floors.stringPropertyNames())
                .stream()
                        .map(kind -> DynamicTest.dynamicTest(kind, () -> {
                            int total = 0;
                            List<String> failures = new ArrayList<>();
                            for (JsonValue value : cases) {
                                JsonObject one = value.asJsonObject();
                                boolean series = one.getBoolean("series_desc", false);
                                if (one.getString("kind").equals(kind) && !series) {
                                    total++;
                                    failure(kind, one).ifPresent(why -> failures.add(one.get("input") + ": " + why));
                                }
                            }
                            System.out.printf("%s: %d of %d%n", kind, total - failures.size(), total);
                            if (Boolean.getBoolean("conformance.verbose")) {
                                failures.forEach(failure -> System.out.println("  " + failure));
                            }
                            int passed = total - failures.size();
                            int floor = Integer.parseInt(floors.getProperty(kind));
                            assertTrue(
                                    passed >= floor,
                                    () -> kind + ": " + passed + " cases pass, " + floor + " did before:\n"
                                            + String.join("\n", failures));
                        }));
    }

    private static Optional<String> failure(String kind, JsonObject one) {
        if (!(one.get("input") instanceof JsonString)) {
            return Optional.of("not valid UTF-8");
        }
        String input = one.getString("input");
        try {
            return switch (kind) {
                case "expr" -> expr(one, input);
                case "lex" -> lex(one, input);
                default -> print(one, input);
            };
        } catch (RuntimeException e) {
            return Optional.of(e.toString());
        }
    }

    private static Optional<String> expr(JsonObject one, String input) {
        Expr expr;
        try {
            expr = Parser.parse(input, LANGUAGE);
        } catch (ParseException e) {
            if (one.getBoolean("ok")) {
                return Optional.of("refused: " + e.getMessage());
            }
            if (!one.containsKey("errors")) {
                return e.reason().contains(one.getString("errSubstring", ""))
                        ? Optional.empty()
                        : Optional.of("another message: " + e.reason());
            }
            JsonObject error = one.getJsonArray("errors").getJsonObject(0);
            Span span = new Span(error.getInt("start"), error.getInt("end"));
            return e.reason().equals(error.getString("message")) && e.span().equals(span)
                    ? Optional.empty()
                    : Optional.of(error + " expected, got " + e.span() + " " + e.reason());
        }
        if (!one.getBoolean("ok")) {
            return Optional.of("not refused");
        }
        List<String> differences =
                one.containsKey("ast") ? AstCheck.differences(one.getJsonObject("ast"), expr) : List.of();
        return differences.isEmpty() ? Optional.empty() : Optional.of(differences.toString());
    }

    private static Optional<String> lex(JsonObject one, String input) {
        List<String> found = new ArrayList<>();
        boolean failed = false;
        for (Token token : Lexer.tokensAndComments(input)) {
            failed |= token.type() == TokenType.ERROR;
            if (token.type() != TokenType.EOF) {
                found.add(token.type() + "@" + token.span().start() + " " + token.text());
            }
        }
        if (!one.getBoolean("ok")) {
            return failed ? Optional.empty() : Optional.of("not refused");
        }
        List<String> wanted = new ArrayList<>();
        for (JsonValue value : one.getJsonArray("tokens")) {
            JsonObject token = value.asJsonObject();
            if (!token.getString("type").equals("EOF")) {
                wanted.add(token.getString("type") + "@" + token.getInt("pos") + " " + token.getString("text"));
            }
        }
        return wanted.equals(found) ? Optional.empty() : Optional.of(wanted + " expected, got " + found);
    }

    private static Optional<String> print(JsonObject one, String input) {
        try {
            String printed = Printer.print(Parser.parse(input, LANGUAGE));
            return printed.equals(one.getString("canonical"))
                    ? Optional.empty()
                    : Optional.of(one.getString("canonical") + " expected, got " + printed);
        } catch (ParseException e) {
            return Optional.of("refused: " + e.getMessage());
        }
    }
}
