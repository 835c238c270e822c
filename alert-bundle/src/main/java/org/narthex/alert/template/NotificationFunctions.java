package org.narthex.alert.template;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What templates of notifications can call. */
final class NotificationFunctions {
    /** Those that depend on nothing. */
    private static final Map<String, Function> PURE = Map.ofEntries(
            Map.entry("toUpper", Function.of(1, arguments -> Function.string(arguments, 0)
                    .toUpperCase(Locale.ROOT))),
            Map.entry("toLower", Function.of(1, arguments -> Function.string(arguments, 0)
                    .toLowerCase(Locale.ROOT))),
            Map.entry("title", Function.of(1, arguments -> title(Function.string(arguments, 0)))),
            Map.entry("trimSpace", Function.of(1, arguments -> Function.string(arguments, 0)
                    .strip())),
            Map.entry("join", Function.of(2, NotificationFunctions::join)),
            Map.entry("match", Function.of(2, PrometheusFunctions::match)),
            Map.entry("reReplaceAll", Function.of(3, PrometheusFunctions::replaceAll)),
            Map.entry(
                    "safeHtml",
                    Function.of(1, arguments -> new SafeText(SafeText.Kind.HTML, Function.string(arguments, 0)))),
            Map.entry(
                    "safeUrl",
                    Function.of(1, arguments -> new SafeText(SafeText.Kind.URL, Function.string(arguments, 0)))),
            Map.entry("urlUnescape", Function.of(1, arguments -> unescape(Function.string(arguments, 0)))),
            Map.entry("stringSlice", Function.variadic(0, NotificationFunctions::strings)),
            Map.entry("date", Function.of(2, arguments -> time(arguments, 1).format(Function.string(arguments, 0)))),
            Map.entry("tz", Function.of(2, NotificationFunctions::inZone)),
            Map.entry("toDate", Function.of(2, NotificationFunctions::dateOrZero)),
            Map.entry(
                    "mustToDate",
                    Function.of(
                            2,
                            arguments ->
                                    GoTimeParser.parse(Function.string(arguments, 0), Function.string(arguments, 1)))),
            Map.entry(
                    "humanizeDuration",
                    Function.of(
                            1,
                            arguments -> Humanize.duration(
                                    arguments.get(0) instanceof GoDuration duration
                                            ? duration.nanos() / 1e9
                                            : Humanize.number(arguments.get(0))))),
            Map.entry("toJson", Function.of(1, arguments -> GoJson.write(arguments.get(0)))),
            Map.entry("base64encode", Function.of(1, arguments -> Base64.getUrlEncoder()
                    .encodeToString(Function.string(arguments, 0).getBytes(StandardCharsets.UTF_8)))),
            Map.entry("base64decode", Function.of(1, arguments -> decode(Function.string(arguments, 0)))),
            Map.entry("list", Function.variadic(0, ArrayList::new)),
            Map.entry("append", Function.variadic(1, NotificationFunctions::append)),
            Map.entry("dict", Function.variadic(0, NotificationFunctions::dict)));

    private NotificationFunctions() {}

    /** The names of all, for the parser. */
    static Set<String> names() {
        return Names.ALL;
    }

    private static final class Names {
        private static final Set<String> ALL =
                bind(InstantSource.system(), name -> "").keySet();
    }

    /** Gives the text of a label of the route, by name. */
    @FunctionalInterface
    interface RouteLabels {
        String text(String name) throws TemplateException;
    }

    static Map<String, Function> bind(InstantSource clock, RouteLabels routeLabels) {
        Map<String, Function> all = new HashMap<>(PURE);
        all.put("now", Function.of(0, arguments -> new GoTime(clock.instant())));
        all.put(
                "since",
                Function.of(
                        1,
                        arguments -> new GoDuration(
                                Duration.between(time(arguments, 0).instant(), clock.instant())
                                        .toNanos())));
        all.put("routeLabels", Function.of(1, arguments -> routeLabels.text(Function.string(arguments, 0))));
        return all;
    }

    /** A capital at the beginning of each word, the rest small. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean apostrophe = (c == '\'' || c == '\u2019') && inWord;
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetterOrDigit(c) || c == '_' || apostrophe;
        }
        return out.toString();
    }

    private static Object join(List<Object> arguments) throws TemplateException {
        String separator = Function.string(arguments, 0);
        if (!(arguments.get(1) instanceof List<?> texts)) {
            throw Function.wrongType("[]string", arguments.get(1));
        }
        List<String> joined = new ArrayList<>();
        for (Object text : texts) {
            joined.add(GoFormat.value(text));
        }
        return String.join(separator, joined);
    }

    private static String unescape(String text) throws TemplateException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new TemplateException("invalid URL escape in " + GoFormat.quote(text));
        }
    }

    private static Object strings(List<Object> arguments) throws TemplateException {
        for (int i = 0; i < arguments.size(); i++) {
            Function.string(arguments, i);
        }
        return arguments;
    }

    private static GoTime time(List<Object> arguments, int index) throws TemplateException {
        if (arguments.get(index) instanceof GoTime time) {
            return time;
        }
        throw Function.wrongType("time.Time", arguments.get(index));
    }

    private static Object inZone(List<Object> arguments) throws TemplateException {
        String zone = Function.string(arguments, 0);
        GoTime time = time(arguments, 1);
        try {
            return new GoTime(
                    time.instant(),
                    zone.isEmpty() || zone.equals("UTC")
                            ? java.time.ZoneOffset.UTC
                            : zone.equals("Local") ? ZoneId.systemDefault() : ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw new TemplateException("unknown time zone " + zone);
        }
    }

    private static Object dateOrZero(List<Object> arguments) throws TemplateException {
        String layout = Function.string(arguments, 0);
        String text = Function.string(arguments, 1);
        try {
            return GoTimeParser.parse(layout, text);
        } catch (TemplateException e) {
            return GoTime.ZERO;
        }
    }

    private static String decode(String text) throws TemplateException {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new TemplateException("illegal base64 data: " + e.getMessage());
        }
    }

    private static Object append(List<Object> arguments) throws TemplateException {
        if (!(arguments.get(0) instanceof List<?> list)) {
            throw Function.wrongType("[]interface {}", arguments.get(0));
        }
        List<Object> longer = new ArrayList<>(list);
        longer.addAll(arguments.subList(1, arguments.size()));
        return longer;
    }

    private static Object dict(List<Object> arguments) throws TemplateException {
        if (arguments.size() % 2 != 0) {
            throw new TemplateException("dict needs a value for each key, got " + arguments.size() + " arguments");
        }
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!(arguments.get(i) instanceof String key)) {
                throw new TemplateException("dict keys must be strings, got " + GoFormat.typeName(arguments.get(i)));
            }
            map.put(key, arguments.get(i + 1));
        }
        return map;
    }
}
