package org.narthex.api.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Test;
import org.narthex.api.Conformance;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Alertmanager's own cases. */
class MatchersConformanceTest {
    private static List<JsonObject> table(String name) throws IOException {
        return Conformance.json("alertmanager/matchers.json")
                .asJsonObject()
                .getJsonArray(name)
                .getValuesAs(JsonObject.class);
    }

    private static List<String> text(List<Matcher> matchers) {
        return matchers.stream()
                .map(matcher -> matcher.name() + " " + matcher.type().symbol() + " " + matcher.value())
                .toList();
    }

    private static List<String> wanted(JsonObject one) {
        List<String> wanted = new ArrayList<>();
        List<? extends JsonValue> matchers =
                one.containsKey("matchers") ? one.getJsonArray("matchers") : List.of(one.getJsonObject("matcher"));
        for (JsonValue value : matchers) {
            JsonObject matcher = value.asJsonObject();
            wanted.add(matcher.getString("name") + " " + matcher.getString("op") + " " + matcher.getString("value"));
        }
        return wanted;
    }

    /** The error's text is Go's where Go's regular expressions are to blame; there it is enough that there is one. */
    private static void check(String table, String error, Function<String, List<Matcher>> parser) throws IOException {
        List<String> failed = new ArrayList<>();
        for (JsonObject one : table(table)) {
            String input = one.getString("input");
            boolean ok = one.isNull(error);
            String found;
            boolean right;
            try {
                List<String> matchers = text(parser.apply(input));
                found = matchers.toString();
                right = ok && matchers.equals(wanted(one));
            } catch (IllegalArgumentException e) {
                found = e.getMessage();
                String wanted = ok ? "" : one.getString(error);
                right = !ok && (found.contains(wanted) || wanted.startsWith("error parsing regexp"));
            }
            if (!right) {
                failed.add(input + " gives " + found);
            }
        }
        assertThat(failed).as(table).isEmpty();
    }

    private static List<Matcher> one(List<Matcher> matchers) {
        if (matchers.size() != 1) {
            throw new IllegalArgumentException(
                    matchers.isEmpty() ? "no matchers" : "expected 1 matcher, found " + matchers.size());
        }
        return matchers;
    }

    @Test
    void readsTheClassicGrammar() throws IOException {
        check("classic_parse_matchers", "errSubstring", ClassicMatchers::parse);
    }

    @Test
    void readsTheNewerGrammar() throws IOException {
        check("utf8_parse_matchers", "error", MatcherParser::parse);
        check("utf8_parse_matcher", "error", input -> one(MatcherParser.parse(input)));
    }

    @Test
    void fallsBackFromOneToTheOther() throws IOException {
        check("fallback_parse_matchers", "error", AlertMatchers::parse);
        check("fallback_parse_matcher", "error", input -> List.of(AlertMatchers.parseOne(input)));
        check("compliance_classic_vs_utf8", "error", AlertMatchers::parse);
    }

    @Test
    void matchesWholeValues() throws IOException {
        for (JsonObject one : table("matches")) {
            Matcher matcher = Matcher.of(type(one), "name", one.getString("matcher_value"));
            assertThat(AlertMatchers.matches(matcher, one.getString("value")))
                    .as("%s", one)
                    .isEqualTo(one.getBoolean("match"));
        }
    }

    @Test
    void writesMatchers() throws IOException {
        for (JsonObject one : table("to_string")) {
            Matcher matcher = Matcher.of(type(one), one.getString("name"), one.getString("value"));
            assertThat(AlertMatchers.format(matcher)).isEqualTo(one.getString("expected"));
        }
    }

    private static Matcher.Type type(JsonObject one) {
        for (Matcher.Type type : Matcher.Type.values()) {
            if (type.symbol().equals(one.getString("op"))) {
                return type;
            }
        }
        throw new IllegalArgumentException(one.toString());
    }

    @Test
    void cutsTokens() throws IOException {
        List<JsonObject> cases = Conformance.json("alertmanager/matcher-lexer.json")
                .asJsonObject()
                .getJsonArray("cases")
                .getValuesAs(JsonObject.class);
        assertThat(cases).hasSizeGreaterThanOrEqualTo(50);
        for (JsonObject one : cases) {
            MatcherLexer lexer = new MatcherLexer(one.getString("input"));
            List<String> found = new ArrayList<>();
            String error = "";
            try {
                for (MatcherLexer.Token token = lexer.next();
                        token.kind() != MatcherLexer.Kind.END;
                        token = lexer.next()) {
                    found.add(token.kind().name().replace("_", "") + " " + token.text() + " " + token.offsetStart()
                            + "-" + token.offsetEnd() + " " + token.columnStart() + "-" + token.columnEnd());
                }
            } catch (IllegalArgumentException e) {
                error = e.getMessage();
            }
            List<String> wanted = new ArrayList<>();
            if (one.containsKey("expected")) {
                for (JsonObject token : one.getJsonArray("expected").getValuesAs(JsonObject.class)) {
                    JsonObject at = token.getJsonObject("position");
                    wanted.add(token.getString("kind").replace("token", "").toUpperCase(java.util.Locale.ROOT) + " "
                            + token.getString("value") + " " + at.getInt("offsetStart") + "-"
                            + at.getInt("offsetEnd") + " " + at.getInt("columnStart") + "-"
                            + at.getInt("columnEnd"));
                }
            }
            assertThat(found).as("%s", one).isEqualTo(wanted);
            assertThat(error).as("%s", one).isEqualTo(one.getString("err", ""));
        }
    }

    @Test
    void knowsClassicLabelNames() throws IOException {
        for (JsonObject one : table("valid_classic_label_name")) {
            assertThat(Labels.isLabelName(one.getString("input"))).as("%s", one).isEqualTo(one.getBoolean("valid"));
        }
    }
}
