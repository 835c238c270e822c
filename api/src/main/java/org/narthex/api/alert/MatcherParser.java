package org.narthex.api.alert;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.alert.MatcherLexer.Kind;
import org.narthex.api.alert.MatcherLexer.Token;
import org.narthex.api.model.GoQuotes;
import org.narthex.api.model.Matcher;

/** Reads matchers of the newer grammar, in which names are any text and bare words end at reserved characters. */
final class MatcherParser {
    private static final String NO_OPEN = "expected opening brace";
    private static final String NO_CLOSE = "expected close brace";

    private final MatcherLexer lexer;
    private Token token;

    private MatcherParser(String input) {
        this.lexer = new MatcherLexer(input);
    }

    /** @throws IllegalArgumentException naming columns and what is wrong there */
    static List<Matcher> parse(String input) {
        return new MatcherParser(input).run();
    }

    private List<Matcher> run() {
        List<Matcher> matchers = new ArrayList<>();
        next("expected opening brace or label name");
        boolean braces = token.kind() == Kind.OPEN_BRACE;
        if (braces) {
            next("expected label name or close brace");
        }
        while (token.kind() != Kind.END && token.kind() != Kind.CLOSE_BRACE) {
            matchers.add(matcher());
            if (token.kind() == Kind.COMMA) {
                next("expected label name or close brace");
            } else if (token.kind() != Kind.CLOSE_BRACE && token.kind() != Kind.END) {
                throw unexpected("expected a comma or close brace");
            }
        }
        if (token.kind() == Kind.CLOSE_BRACE && !braces) {
            throw new IllegalArgumentException("0:" + lexer.column() + ": }: " + NO_OPEN);
        }
        if (token.kind() == Kind.END && braces) {
            throw new IllegalArgumentException("0:" + lexer.column() + ": end of input: " + NO_CLOSE);
        }
        if (braces) {
            next("expected end of input");
            if (token.kind() != Kind.END) {
                throw unexpected("expected end of input");
            }
        }
        return matchers;
    }

    private Matcher matcher() {
        if (token.kind() != Kind.QUOTED && token.kind() != Kind.UNQUOTED) {
            throw unexpected("expected label name");
        }
        String name = word();
        if (name.isEmpty()) {
            throw new IllegalArgumentException(token + ": empty label name");
        }
        next("expected an operator such as '=', '!=', '=~' or '!~'");
        Matcher.Type type =
                switch (token.kind()) {
                    case EQUALS -> Matcher.Type.EQUAL;
                    case NOT_EQUALS -> Matcher.Type.NOT_EQUAL;
                    case MATCHES -> Matcher.Type.REGEX;
                    case NOT_MATCHES -> Matcher.Type.NOT_REGEX;
                    default -> throw unexpected("expected an operator such as '=', '!=', '=~' or '!~'");
                };
        next("expected label value");
        if (token.kind() != Kind.QUOTED && token.kind() != Kind.UNQUOTED) {
            throw unexpected("expected label value");
        }
        Matcher matcher = Matcher.of(type, name, word());
        next("expected a comma or close brace");
        return matcher;
    }

    private String word() {
        String text = token.text();
        if (token.kind() == Kind.UNQUOTED) {
            return text;
        }
        try {
            if (text.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a line end within quotes");
            }
            return GoQuotes.unquote(text.substring(1, text.length() - 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(token + ": invalid input", e);
        }
    }

    private void next(String expected) {
        try {
            token = lexer.next();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ": " + expected, e);
        }
    }

    private IllegalArgumentException unexpected(String expected) {
        if (token.kind() == Kind.END) {
            return new IllegalArgumentException("0:" + lexer.column() + ": end of input: " + expected);
        }
        return new IllegalArgumentException(
                token.columnStart() + ":" + token.columnEnd() + ": unexpected " + token.text() + ": " + expected);
    }
}
