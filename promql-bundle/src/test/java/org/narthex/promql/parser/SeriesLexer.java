package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a series description of the script language into tokens, with upstream's names for them. */
final class SeriesLexer {
    /** @param type as upstream's lexer test names it */
    record Item(String type, Span span, String text) {
        String description() {
            return switch (type) {
                case "EOF" -> "end of input";
                case "IDENTIFIER" -> "identifier " + Quoting.quote(text);
                case "NUMBER" -> "number " + Quoting.quoteShort(text);
                case "STRING" -> "string " + Quoting.quoteShort(text);
                default -> Quoting.quote(text);
            };
        }
    }

    /** Keys of a histogram. */
    static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("sum", "SUM_DESC"),
            Map.entry("count", "COUNT_DESC"),
            Map.entry("schema", "SCHEMA_DESC"),
            Map.entry("offset", "OFFSET_DESC"),
            Map.entry("n_offset", "NEGATIVE_OFFSET_DESC"),
            Map.entry("buckets", "BUCKETS_DESC"),
            Map.entry("n_buckets", "NEGATIVE_BUCKETS_DESC"),
            Map.entry("z_bucket", "ZERO_BUCKET_DESC"),
            Map.entry("z_bucket_w", "ZERO_BUCKET_WIDTH_DESC"),
            Map.entry("custom_values", "CUSTOM_VALUES_DESC"),
            Map.entry("counter_reset_hint", "COUNTER_RESET_HINT_DESC"));

    private static final List<String> HINTS = List.of("unknown", "reset", "not_reset", "gauge");
    private static final Map<String, String> SYMBOLS = Map.of(
            "{{",
            "OPEN_HIST",
            "}}",
            "CLOSE_HIST",
            "[",
            "LEFT_BRACKET",
            "]",
            "RIGHT_BRACKET",
            ":",
            "COLON",
            "+",
            "ADD",
            "-",
            "SUB",
            "_",
            "BLANK");
    private static final Pattern SPACE = Pattern.compile("[ \\t]+");
    private static final Pattern NUMBER =
            Pattern.compile("(?i)(?:\\d+(?:ms|[smhdwy]))+|(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?|inf|nan|stale");
    private static final Pattern SYMBOL = Pattern.compile("\\{\\{|\\}\\}|[\\[\\]:+_-]");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z_]+");

    private final String line;
    private final List<Item> items = new ArrayList<>();
    private int pos;

    private SeriesLexer(String line) {
        this.line = line;
    }

    /** @throws ParseException if a character begins no token */
    static List<Item> items(String line) throws ParseException {
        SeriesLexer lexer = new SeriesLexer(line);
        lexer.metric();
        boolean inHistogram = false;
        while (lexer.pos < line.length()) {
            inHistogram = inHistogram ? lexer.histogram() : lexer.values();
        }
        lexer.emit("EOF", line.length());
        return lexer.items;
    }

    /** The metric is written as in expressions; the first blank outside braces and quotes ends it. */
    private void metric() throws ParseException {
        int end = metricEnd();
        for (Token token : Lexer.tokens(line.substring(0, end))) {
            if (token.type() == TokenType.ERROR) {
                throw new ParseException(line, token.span(), token.text());
            }
            if (token.type() != TokenType.EOF) {
                boolean word = token.type() == TokenType.METRIC_IDENTIFIER
                        || token.type().isKeyword();
                items.add(new Item(word ? "IDENTIFIER" : token.type().name(), token.span(), token.text()));
            }
        }
        pos = end;
    }

    private int metricEnd() {
        boolean braces = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'' || c == '`') {
                quote = c;
            } else if (c == '{') {
                braces = true;
            } else if (c == '}') {
                braces = false;
            } else if (!braces && (c == ' ' || c == '\t')) {
                return i;
            }
        }
        return line.length();
    }

    private void emit(String type, int end) {
        items.add(new Item(type, new Span(pos, end), line.substring(pos, end)));
        pos = end;
    }

    private boolean take(Pattern pattern, String type) {
        Matcher matcher = pattern.matcher(line).region(pos, line.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        emit(type.isEmpty() ? SYMBOLS.get(matcher.group()) : type, matcher.end());
        return true;
    }

    /** Whether a histogram begins. */
    private boolean values() throws ParseException {
        if (line.charAt(pos) == 'x') {
            emit("TIMES", pos + 1);
        } else if (!take(SPACE, "SPACE") && !take(NUMBER, "NUMBER") && !take(SYMBOL, "")) {
            throw unexpected();
        }
        return items.get(items.size() - 1).type().equals("OPEN_HIST");
    }

    private ParseException unexpected() {
        return new ParseException(
                line,
                new Span(pos, line.length()),
                "unexpected character in series sequence: " + Quoting.quoteChar(line.codePointAt(pos)));
    }

    /** Whether it goes on. */
    private boolean histogram() throws ParseException {
        Matcher word = WORD.matcher(line).region(pos, line.length());
        if (word.lookingAt() && !word.group().matches("(?i)inf|nan")) {
            word(word);
        } else if (!take(SPACE, "SPACE") && !take(NUMBER, "NUMBER") && !take(SYMBOL, "")) {
            throw unexpected();
        }
        return !items.get(items.size() - 1).type().equals("CLOSE_HIST");
    }

    private void word(Matcher word) throws ParseException {
        String key = KEYS.get(word.group().toLowerCase(Locale.ROOT));
        if (key == null && !HINTS.contains(word.group())) {
            throw new ParseException(
                    line,
                    new Span(pos, line.length()),
                    "bad histogram descriptor found: " + Quoting.quote(word.group()));
        }
        if (key != null && !line.startsWith(":", word.end())) {
            throw new ParseException(line, new Span(pos, line.length()), "missing `:` for histogram descriptor");
        }
        emit(key == null ? "HINT" : key, word.end());
    }
}
