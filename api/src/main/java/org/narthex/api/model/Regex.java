package org.narthex.api.model;

import java.util.List;
import java.util.Optional;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression as Prometheus knows it: RE2 syntax, anchored at both ends, the dot matches newlines, linear time always.
 * It is here, and not in each bundle, so that matchers, relabelling, PromQL and alert routing can never disagree. Immutable, thread-safe.
 */
public final class Regex {
    private final String source;
    private final Pattern pattern;
    /** What is known of the expression without {@link #pattern}; null if nothing is. */
    private final Globs globs;

    private final List<String> literals;
    private final List<String> prefixes;

    private Regex(String source, Pattern pattern, Globs globs) {
        this.source = source;
        this.pattern = pattern;
        this.globs = globs;
        this.literals = globs == null ? List.of() : globs.literals();
        this.prefixes = globs == null ? List.of("") : globs.prefixes();
    }

    /** @throws IllegalArgumentException if the text is no RE2 expression; the message says why */
    public static Regex compile(String source) {
        Pattern pattern;
        try {
            // By itself first: "a)(b" would be balanced by the wrapping, and a message is to show what was written.
            Pattern.compile(source);
            pattern = Pattern.compile("^(?s:" + source + ")$");
        } catch (PatternSyntaxException e) {
            throw invalid(source, e);
        }
        return new Regex(source, pattern, GlobParser.parse(source).orElse(null));
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        if (globs == null) {
            return pattern.matches(text);
        }
        return globs.isExact() ? globs.matches(text) : globs.mayMatch(text) && pattern.matches(text);
    }

    /** If this matches only a fixed list of strings, that list; else empty. Lets an index look values up instead of scanning. */
    public List<String> literals() {
        return literals;
    }

    /** If this matches exactly what starts with some text ({@code text.*}), that text. */
    public Optional<String> prefix() {
        return globs != null && globs.isPrefix() ? Optional.of(prefixes.get(0)) : Optional.empty();
    }

    /**
     * Texts of which one starts whatever matches, in {@link Labels#UTF8_ORDER}, none starting with another; a single empty one if nothing is known.
     * Lets an index search a range instead of all values.
     */
    public List<String> prefixes() {
        return prefixes;
    }

    /** Whether this is known to match every text. */
    public boolean isAnything() {
        return globs != null && globs.isAnything();
    }

    /**
     * Matches the text and fills the template with its groups: {@code $1}, {@code ${1}}, {@code ${name}}, {@code $$} for a dollar; unknown
     * groups give nothing.
     *
     * @return the filled template, or empty if the text does not match
     */
    public Optional<String> expand(String text, String template) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder();
        appendExpanded(out, pattern, matcher, template);
        return Optional.of(out.toString());
    }

    /**
     * Whether the expression, not anchored, is found anywhere in the text; the dot does not match newlines here.
     *
     * @throws IllegalArgumentException if it is no RE2 expression
     */
    public static boolean find(String expression, String text) {
        return unanchored(expression).matcher(text).find();
    }

    /**
     * Replaces whatever the expression, not anchored, finds by the template, filled as {@link #expand} does.
     *
     * @throws IllegalArgumentException if it is no RE2 expression
     */
    public static String replaceAll(String expression, String text, String template) {
        Pattern pattern = unanchored(expression);
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int done = 0;
        while (matcher.find()) {
            out.append(text, done, matcher.start());
            appendExpanded(out, pattern, matcher, template);
            done = matcher.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    private static Pattern unanchored(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw invalid(expression, e);
        }
    }

    private static IllegalArgumentException invalid(String expression, PatternSyntaxException e) {
        return new IllegalArgumentException("invalid regular expression \"" + expression + "\": " + e.getMessage(), e);
    }

    private static void appendExpanded(StringBuilder out, Pattern pattern, Matcher matcher, String template) {
        int i = 0;
        while (i < template.length()) {
            char c = template.charAt(i++);
            if (c != '$') {
                out.append(c);
                continue;
            }
            if (i < template.length() && template.charAt(i) == '$') {
                out.append('$');
                i++;
                continue;
            }
            boolean braced = i < template.length() && template.charAt(i) == '{';
            int start = braced ? i + 1 : i;
            int end = start;
            while (end < template.length() && isWord(template.charAt(end))) {
                end++;
            }
            if (end == start || (braced && (end == template.length() || template.charAt(end) != '}'))) {
                // Malformed: the dollar stands for itself.
                out.append('$');
                continue;
            }
            appendGroup(out, pattern, matcher, template.substring(start, end));
            i = braced ? end + 1 : end;
        }
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static void appendGroup(StringBuilder out, Pattern pattern, Matcher matcher, String name) {
        String value = null;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int group = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
            value = group <= matcher.groupCount() ? matcher.group(group) : null;
        } else if (pattern.namedGroups().containsKey(name)) {
            value = matcher.group(name);
        }
        if (value != null) {
            out.append(value);
        }
    }

    /** The expression as given, without the anchors. */
    @Override
    public String toString() {
        return source;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex that && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }
}
