package org.narthex.alert.template;

import java.util.Locale;
import java.util.Set;

/**
 * Escapes what actions print by the place in the HTML text where they print it, as Go's html/template does: between tags, in an attribute, in a
 * URL, in a script, in a style. The text of the template itself is trusted; only its comments are left out. While Go derives the place of every
 * action before execution, this follows the text as it is written, which comes to the same in all templates that Go accepts.
 */
final class HtmlOutput implements Output {
    /** What Go prints in place of what could do harm. */
    private static final String REFUSED = "ZgotmplZ";

    private static final Set<String> URL_ATTRIBUTES = Set.of(
            "action",
            "archive",
            "background",
            "cite",
            "classid",
            "codebase",
            "data",
            "formaction",
            "href",
            "icon",
            "longdesc",
            "manifest",
            "poster",
            "profile",
            "src",
            "srcset",
            "usemap",
            "xmlns");

    private enum Place {
        CONTENT,
        COMMENT,
        /** In a tag, outside its attributes' values. */
        TAG,
        ATTRIBUTE_NAME,
        AFTER_NAME,
        BEFORE_VALUE,
        VALUE,
        /** In an element whose content is no markup: script, style, title, textarea. */
        RAW
    }

    private enum Language {
        HTML,
        URL,
        SCRIPT,
        STYLE
    }

    private final StringBuilder out = new StringBuilder();
    private Place place = Place.CONTENT;
    private Language language = Language.HTML;
    /** Of the tag that is open, or of the raw element. */
    private String element = "";

    private boolean closingTag;
    private final StringBuilder attribute = new StringBuilder();
    /** The quote that ends the value, or 0 for one without quotes. */
    private char quote;
    /** The value so far: of a URL its kind of part depends on it. */
    private final StringBuilder value = new StringBuilder();
    /** In a script or style, the quote of the string that is open, or 0. */
    private char string;

    @Override
    public String result() {
        return out.toString();
    }

    @Override
    public Output anew() {
        return new HtmlOutput();
    }

    @Override
    public void text(String text) throws TemplateException {
        StringBuilder kept = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            at = step(text, at, kept);
        }
        Output.append(out, kept.toString());
    }

    /** Takes the next piece of text; returns the index after it. */
    private int step(String text, int at, StringBuilder kept) {
        char c = text.charAt(at);
        switch (place) {
            case COMMENT -> {
                int end = text.indexOf("-->", at);
                place = end < 0 ? Place.COMMENT : Place.CONTENT;
                return end < 0 ? text.length() : end + 3;
            }
            case CONTENT -> {
                if (text.startsWith("<!--", at)) {
                    place = Place.COMMENT;
                    return at + 4;
                }
                return c == '<' ? openTag(text, at, kept) : keep(c, at, kept);
            }
            case RAW -> {
                if (text.regionMatches(true, at, "</" + element, 0, element.length() + 2)) {
                    place = Place.CONTENT;
                    language = Language.HTML;
                    return at;
                }
                inLanguage(c, text, at);
            }
            case TAG -> {
                if (c == '>') {
                    endTag();
                } else if (!isSpace(c) && c != '/') {
                    place = Place.ATTRIBUTE_NAME;
                    attribute.setLength(0);
                    attribute.append(c);
                }
            }
            case ATTRIBUTE_NAME, AFTER_NAME -> {
                if (c == '>') {
                    endTag();
                } else if (c == '=') {
                    place = Place.BEFORE_VALUE;
                } else if (isSpace(c) || c == '/') {
                    place = Place.AFTER_NAME;
                } else {
                    if (place == Place.AFTER_NAME) {
                        attribute.setLength(0);
                        place = Place.ATTRIBUTE_NAME;
                    }
                    attribute.append(c);
                }
            }
            case BEFORE_VALUE -> {
                if (c == '>') {
                    endTag();
                } else if (!isSpace(c)) {
                    beginValue(c == '"' || c == '\'' ? c : 0);
                    return quote == 0 ? at : keep(c, at, kept);
                }
            }
            default -> {
                if (quote == 0 ? isSpace(c) || c == '>' : c == quote) {
                    place = Place.TAG;
                    language = Language.HTML;
                    if (c == '>') {
                        endTag();
                    }
                } else {
                    value.append(c);
                    inLanguage(c, text, at);
                }
            }
        }
        return keep(c, at, kept);
    }

    private static int keep(char c, int at, StringBuilder kept) {
        kept.append(c);
        return at + 1;
    }

    private int openTag(String text, int at, StringBuilder kept) {
        int name = at + 1;
        closingTag = text.startsWith("/", name);
        name += closingTag ? 1 : 0;
        int end = name;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        if (end > name) {
            element = text.substring(name, end).toLowerCase(Locale.ROOT);
            place = Place.TAG;
        }
        kept.append(text, at, end);
        return end;
    }

    private void endTag() {
        boolean raw =
                !closingTag && Set.of("script", "style", "title", "textarea").contains(element);
        place = raw ? Place.RAW : Place.CONTENT;
        language = !raw
                ? Language.HTML
                : element.equals("script") ? Language.SCRIPT : element.equals("style") ? Language.STYLE : Language.HTML;
        string = 0;
    }

    private void beginValue(char by) {
        place = Place.VALUE;
        quote = by;
        string = 0;
        value.setLength(0);
        String name = attribute.toString().toLowerCase(Locale.ROOT);
        String plain = name.startsWith("data-") ? name.substring(5) : name.substring(name.indexOf(':') + 1);
        language = URL_ATTRIBUTES.contains(plain)
                ? Language.URL
                : plain.startsWith("on")
                        ? Language.SCRIPT
                        : plain.equals("style")
                                ? Language.STYLE
                                : name.startsWith("data-")
                                                && (plain.contains("src")
                                                        || plain.contains("uri")
                                                        || plain.contains("url"))
                                        ? Language.URL
                                        : Language.HTML;
    }

    /** Follows strings of scripts and styles. */
    private void inLanguage(char c, String text, int at) {
        if (language != Language.SCRIPT && language != Language.STYLE) {
            return;
        }
        boolean escaped = at > 0 && text.charAt(at - 1) == '\\';
        if (string == 0 && (c == '"' || c == '\'' || c == '`')) {
            string = c;
        } else if (c == string && !escaped) {
            string = 0;
        }
    }

    @Override
    public void value(Object given) throws TemplateException {
        if (place == Place.BEFORE_VALUE) {
            beginValue((char) 0);
        }
        String escaped =
                switch (place) {
                    case CONTENT -> content(given);
                    case COMMENT -> "";
                    case RAW -> language == Language.HTML ? content(text(given)) : inLanguage(given);
                    case VALUE -> inValue(given);
                    default -> name(text(given));
                };
        Output.append(out, escaped);
    }

    private static String text(Object given) {
        return given == null ? "" : GoFormat.value(given);
    }

    private static boolean isSafe(Object given, SafeText.Kind kind) {
        return given instanceof SafeText safe && safe.kind() == kind;
    }

    private static String content(Object given) {
        return isSafe(given, SafeText.Kind.HTML) ? text(given) : Escapes.content(text(given));
    }

    private String inLanguage(Object given) throws TemplateException {
        String text = text(given);
        if (language == Language.STYLE) {
            return string != 0 ? Escapes.css(text) : Escapes.isHarmlessCss(text) ? text : REFUSED;
        }
        if (string != 0) {
            return Escapes.javaScript(text);
        }
        String json = GoJson.write(given instanceof SafeText ? text : given);
        // Operators of the script on both sides must not run together with a number.
        return given instanceof Number || given instanceof Boolean || given == null ? " " + json + " " : json;
    }

    private String inValue(Object given) throws TemplateException {
        String text;
        if (language == Language.URL) {
            text = url(given);
        } else if (language == Language.SCRIPT || language == Language.STYLE) {
            text = inLanguage(given);
        } else if (isSafe(given, SafeText.Kind.HTML)) {
            value.append(given);
            return Escapes.stripTags(text(given));
        } else {
            text = text(given);
        }
        value.append(text);
        return quote == 0 ? Escapes.unquoted(text) : Escapes.content(text);
    }

    private String url(Object given) {
        String text = text(given);
        boolean safe = isSafe(given, SafeText.Kind.URL);
        if (value.indexOf("?") >= 0 || value.indexOf("#") >= 0) {
            return safe ? Escapes.urlWhole(text) : Escapes.urlPart(text);
        }
        boolean begins = value.toString().isBlank();
        return begins && !safe && !Escapes.isHarmlessUrl(text) ? "#" + REFUSED : Escapes.urlWhole(text);
    }

    /** An attribute's name must not be one whose value is code or a URL. */
    private static String name(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean plain = lower.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
        return plain && !lower.startsWith("on") && !lower.equals("style") && !URL_ATTRIBUTES.contains(lower)
                ? lower
                : REFUSED;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }
}
