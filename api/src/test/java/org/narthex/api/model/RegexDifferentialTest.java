package org.narthex.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** What a {@link Regex} knows of an expression without RE2 is what RE2 says of it, for random expressions and texts. */
class RegexDifferentialTest {
    private static final long SEED = 20261128;
    private static final int EXPRESSIONS = 10_000;
    private static final int TEXTS = 25;
    private static final String[] ATOMS = {
        "a",
        "b",
        "K",
        "s",
        "ab",
        ".",
        ".*",
        ".+",
        ".*?",
        "\\.",
        "\\-",
        "\\d",
        "\\w",
        "\\b",
        "[ab]",
        "[a-c]",
        "[^a]",
        "[]a]",
        "[[:alpha:]]",
        "[a-zA-Z]",
        "é",
        "😀",
        "-",
        "\n",
        "^",
        "$",
        "{",
        "x{2}",
        "(a)",
        "\\pL",
        "\\Qa|b\\E",
        "[\\]]"
    };
    private static final String[] WORDS = {
        "a", "b", "k", "K", "S", "s", "ſ", "\u212a", ".", "-", "\n", "é", "É", "😀", "x", "xx", "ab", "c", "1", "]",
        "B", "A"
    };

    private final Random random = new Random(SEED);

    private String expression(int depth) {
        StringBuilder out = new StringBuilder();
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            int kind = random.nextInt(depth > 2 ? 8 : 11);
            if (kind == 8) {
                out.append("(?:").append(expression(depth + 1)).append(')');
            } else if (kind >= 9) {
                out.append('(').append(expression(depth + 1)).append(')');
            } else {
                out.append(ATOMS[random.nextInt(random.nextBoolean() ? 8 : ATOMS.length)]);
            }
            int quantifier = random.nextInt(24);
            out.append(
                    quantifier == 0 ? "?" : quantifier == 1 ? "*" : quantifier == 2 ? "+" : quantifier == 3 ? "|" : "");
        }
        if (random.nextInt(3) == 0) {
            out.append('|').append(depth > 2 ? "a" : expression(depth + 1));
        }
        return out.toString();
    }

    private String word() {
        StringBuilder out = new StringBuilder();
        int parts = random.nextInt(6);
        for (int i = 0; i < parts; i++) {
            out.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return out.toString();
    }

    @Test
    void agreesWithRe2() {
        int tried = 0;
        int matched = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String source = (random.nextInt(6) == 0 ? "(?i)" : "") + expression(0);
            Pattern re2;
            try {
                Pattern.compile(source);
                re2 = Pattern.compile("^(?s:" + source + ")$");
            } catch (PatternSyntaxException e) {
                continue;
            }
            tried++;
            Regex regex = Regex.compile(source);
            for (int j = 0; j < TEXTS; j++) {
                if (check(regex, re2, word())) {
                    matched++;
                }
            }
            for (String literal : regex.literals()) {
                assertThat(re2.matches(literal))
                        .as("%s has %s", source, literal)
                        .isTrue();
            }
        }
        // Neither side is trivial.
        assertThat(tried).isGreaterThan(EXPRESSIONS / 2);
        assertThat(matched).isGreaterThan(EXPRESSIONS);
    }

    private static boolean check(Regex regex, Pattern re2, String text) {
        boolean expected = re2.matches(text);
        assertThat(regex.matches(text))
                .as("seed %d: %s on \"%s\"", SEED, regex, text)
                .isEqualTo(expected);
        if (regex.isAnything()) {
            assertThat(expected).as("%s takes \"%s\"", regex, text).isTrue();
        }
        if (expected) {
            List<String> prefixes = regex.prefixes();
            assertThat(prefixes).as("%s on \"%s\"", regex, text).anyMatch(text::startsWith);
            assertThat(regex.literals().isEmpty() || regex.literals().contains(text))
                    .as("%s on \"%s\"", regex, text)
                    .isTrue();
        }
        regex.prefix().ifPresent(prefix -> assertThat(text.startsWith(prefix))
                .as("%s on \"%s\"", regex, text)
                .isEqualTo(expected));
        return expected;
    }
}
