package org.narthex.alert.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** Replaces what an expression finds, with Go's template syntax: {@code $1}, {@code ${1}x}, {@code ${name}}, {@code $$}. */
final class RegexReplacement {
    private RegexReplacement() {}

    static String all(Pattern pattern, String text, String template) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int done = 0;
        while (matcher.find()) {
            out.append(text, done, matcher.start());
            expand(pattern, matcher, template, out);
            done = matcher.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    private static void expand(Pattern pattern, Matcher matcher, String template, StringBuilder out) {
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at++);
            if (c != '$') {
                out.append(c);
                continue;
            }
            if (at < template.length() && template.charAt(at) == '$') {
                out.append('$');
                at++;
                continue;
            }
            boolean braced = at < template.length() && template.charAt(at) == '{';
            int start = braced ? at + 1 : at;
            int end = start;
            while (end < template.length()
                    && (Character.isLetterOrDigit(template.charAt(end)) || template.charAt(end) == '_')) {
                end++;
            }
            if (end == start || (braced && (end == template.length() || template.charAt(end) != '}'))) {
                // Malformed: the dollar stands for itself.
                out.append('$');
                continue;
            }
            group(pattern, matcher, template.substring(start, end), out);
            at = braced ? end + 1 : end;
        }
    }

    private static void group(Pattern pattern, Matcher matcher, String name, StringBuilder out) {
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
}
