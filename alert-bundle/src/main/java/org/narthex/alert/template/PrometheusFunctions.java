package org.narthex.alert.template;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.Regex;

/** What templates of Prometheus can call, bound to a time and a way to query. */
final class PrometheusFunctions {
    /** Answers a query at the evaluation time. */
    @FunctionalInterface
    interface Query {
        List<Sample> run(String expression) throws TemplateException;
    }

    /** Those that depend on nothing. */
    private static final Map<String, Function> PURE = Map.ofEntries(
            Map.entry("first", Function.of(1, arguments -> first(arguments.get(0)))),
            Map.entry(
                    "label",
                    Function.of(2, arguments -> sample(arguments, 1).labels().get(Function.string(arguments, 0)))),
            Map.entry("value", Function.of(1, arguments -> sample(arguments, 0).value())),
            Map.entry(
                    "strvalue",
                    Function.of(1, arguments -> sample(arguments, 0).labels().get("__value__"))),
            Map.entry("sortByLabel", Function.of(2, PrometheusFunctions::sortByLabel)),
            // Executed by the evaluation itself, which knows the templates.
            Map.entry("tmpl", Function.of(2, arguments -> arguments.get(1))),
            Map.entry("args", Function.variadic(0, PrometheusFunctions::args)),
            Map.entry("reReplaceAll", Function.of(3, PrometheusFunctions::replaceAll)),
            Map.entry("match", Function.of(2, PrometheusFunctions::match)),
            Map.entry(
                    "safeHtml",
                    Function.of(1, arguments -> new SafeText(SafeText.Kind.HTML, Function.string(arguments, 0)))),
            Map.entry("title", Function.of(1, arguments -> title(Function.string(arguments, 0)))),
            Map.entry("toUpper", Function.of(1, arguments -> Function.string(arguments, 0)
                    .toUpperCase(Locale.ROOT))),
            Map.entry("toLower", Function.of(1, arguments -> Function.string(arguments, 0)
                    .toLowerCase(Locale.ROOT))),
            Map.entry("graphLink", Function.of(1, arguments -> link(Function.string(arguments, 0), 0))),
            Map.entry("tableLink", Function.of(1, arguments -> link(Function.string(arguments, 0), 1))),
            Map.entry("urlQueryEscape", Function.of(1, arguments -> escape(Function.string(arguments, 0)))),
            Map.entry("stripPort", Function.of(1, arguments -> HostPort.stripPort(Function.string(arguments, 0)))),
            Map.entry("stripDomain", Function.of(1, arguments -> HostPort.stripDomain(Function.string(arguments, 0)))),
            Map.entry("humanize", Function.of(1, arguments -> Humanize.decimal(Humanize.number(arguments.get(0))))),
            Map.entry("humanize1024", Function.of(1, arguments -> Humanize.binary(Humanize.number(arguments.get(0))))),
            Map.entry(
                    "humanizeDuration",
                    Function.of(1, arguments -> Humanize.duration(Humanize.number(arguments.get(0))))),
            Map.entry(
                    "humanizePercentage",
                    Function.of(1, arguments -> Humanize.percentage(Humanize.number(arguments.get(0))))),
            Map.entry(
                    "humanizeTimestamp",
                    Function.of(1, arguments -> Humanize.timestamp(Humanize.number(arguments.get(0))))),
            Map.entry("toTime", Function.of(1, arguments -> Humanize.time(Humanize.number(arguments.get(0))))),
            Map.entry(
                    "toDuration",
                    Function.of(1, arguments -> new GoDuration((long) (Humanize.number(arguments.get(0)) * 1e9)))),
            Map.entry("parseDuration", Function.of(1, arguments -> parseDuration(Function.string(arguments, 0)))));

    private PrometheusFunctions() {}

    /** The names of all, for the parser. */
    static Set<String> names() {
        return Names.ALL;
    }

    private static final class Names {
        private static final Set<String> ALL =
                bind(0, "", expression -> List.of()).keySet();
    }

    /** Those that rules may call: pages have one more. */
    static Set<String> namesInRules() {
        Set<String> names = new HashSet<>(names());
        names.remove("tmpl");
        return names;
    }

    /**
     * @param timeMs the evaluation time, in milliseconds since the epoch
     * @param externalUrl where people reach this server
     */
    static Map<String, Function> bind(long timeMs, String externalUrl, Query query) {
        Map<String, Function> all = new HashMap<>(PURE);
        all.put("query", Function.of(1, arguments -> new QueryResult(query.run(Function.string(arguments, 0)))));
        all.put("now", Function.of(0, arguments -> timeMs / 1000.0));
        all.put("externalURL", Function.of(0, arguments -> externalUrl));
        all.put("pathPrefix", Function.of(0, arguments -> URI.create(externalUrl)
                .getPath()));
        return all;
    }

    private static Object first(Object value) throws TemplateException {
        if (!(value instanceof List<?> samples)) {
            throw Function.wrongType("template.queryResult", value);
        }
        if (samples.isEmpty()) {
            throw new TemplateException("first() called on vector with no elements");
        }
        return samples.get(0);
    }

    private static Sample sample(List<Object> arguments, int index) throws TemplateException {
        if (arguments.get(index) instanceof Sample sample) {
            return sample;
        }
        throw Function.wrongType("*template.sample", arguments.get(index));
    }

    private static Object sortByLabel(List<Object> arguments) throws TemplateException {
        String label = Function.string(arguments, 0);
        List<Sample> samples = new ArrayList<>();
        if (!(arguments.get(1) instanceof List<?> list)) {
            throw Function.wrongType("template.queryResult", arguments.get(1));
        }
        for (Object each : list) {
            if (!(each instanceof Sample sample)) {
                throw Function.wrongType("*template.sample", each);
            }
            samples.add(sample);
        }
        samples.sort(Comparator.comparing(sample -> sample.labels().get(label), Labels.UTF8_ORDER));
        return new QueryResult(samples);
    }

    private static Object args(List<Object> arguments) {
        Map<String, Object> named = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            named.put("arg" + i, arguments.get(i));
        }
        return named;
    }

    static Object match(List<Object> arguments) throws TemplateException {
        try {
            return Regex.find(Function.string(arguments, 0), Function.string(arguments, 1));
        } catch (IllegalArgumentException e) {
            throw new TemplateException(e.getMessage());
        }
    }

    static Object replaceAll(List<Object> arguments) throws TemplateException {
        try {
            return Regex.replaceAll(
                    Function.string(arguments, 0), Function.string(arguments, 2), Function.string(arguments, 1));
        } catch (IllegalArgumentException e) {
            throw new TemplateException(e.getMessage());
        }
    }

    /** Capitals at the beginning of words, the rest as it is. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        int before = ' ';
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean inWord = Character.isLetterOrDigit(before) || before == '_' || before == '\'';
            out.appendCodePoint(inWord ? c : Character.toTitleCase(c));
            before = c;
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static String link(String expression, int tab) {
        return "/graph?g0.expr=" + escape(expression) + "&g0.tab=" + tab;
    }

    private static String escape(String text) {
        // Java leaves the asterisk, Go leaves the tilde.
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static double parseDuration(String text) throws TemplateException {
        try {
            return text.startsWith("-")
                    ? -(PromDuration.parse(text.substring(1)) / 1000.0)
                    : PromDuration.parse(text) / 1000.0;
        } catch (IllegalArgumentException e) {
            throw new TemplateException(e.getMessage());
        }
    }
}
