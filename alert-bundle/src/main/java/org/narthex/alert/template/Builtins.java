package org.narthex.alert.template;

import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;

/** The functions every template has; {@code and} and {@code or} are in {@link Evaluation}, since they may leave arguments alone. */
final class Builtins {
    static final Map<String, Function> ALL = Map.ofEntries(
            Map.entry("and", Function.variadic(1, arguments -> arguments.get(0))),
            Map.entry("or", Function.variadic(1, arguments -> arguments.get(0))),
            Map.entry("not", Function.of(1, arguments -> !isTrue(arguments.get(0)))),
            Map.entry("len", Function.of(1, arguments -> length(arguments.get(0)))),
            Map.entry("index", Function.variadic(1, Builtins::index)),
            Map.entry("slice", new Function(1, 4, Builtins::slice)),
            Map.entry("print", Function.variadic(0, Printf::print)),
            Map.entry("println", Function.variadic(0, Builtins::println)),
            Map.entry("printf", Function.variadic(1, Builtins::printf)),
            Map.entry("html", Function.variadic(0, arguments -> Escapes.html(Printf.print(arguments)))),
            Map.entry("js", Function.variadic(0, arguments -> Escapes.javaScript(Printf.print(arguments)))),
            Map.entry(
                    "urlquery",
                    Function.variadic(
                            0, arguments -> URLEncoder.encode(Printf.print(arguments), StandardCharsets.UTF_8))),
            Map.entry("eq", Function.variadic(2, Builtins::equal)),
            Map.entry("ne", Function.of(2, arguments -> !areEqual(arguments.get(0), arguments.get(1)))),
            Map.entry("lt", Function.of(2, arguments -> compare(arguments) < 0)),
            Map.entry("le", Function.of(2, arguments -> compare(arguments) <= 0)),
            Map.entry("gt", Function.of(2, arguments -> compare(arguments) > 0)),
            Map.entry("ge", Function.of(2, arguments -> compare(arguments) >= 0)));

    private Builtins() {}

    /** Whether the value is not the zero of its type. */
    static boolean isTrue(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0 || Double.isNaN(number.doubleValue());
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value instanceof Labels labels ? !labels.isEmpty() : value != null;
    }

    private static Object length(Object value) throws TemplateException {
        if (value instanceof String text) {
            return (long) text.getBytes(StandardCharsets.UTF_8).length;
        }
        if (value instanceof List<?> list) {
            return (long) list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        }
        if (value instanceof Labels labels) {
            return (long) labels.size();
        }
        throw new TemplateException(value == null ? "len of nil pointer" : "len of type " + GoFormat.typeName(value));
    }

    private static Object index(List<Object> arguments) throws TemplateException {
        Object value = arguments.get(0);
        for (Object key : arguments.subList(1, arguments.size())) {
            if (value instanceof Labels labels) {
                value = labels.get(mapKey(key));
            } else if (value instanceof Map<?, ?> map) {
                value = map.get(mapKey(key));
            } else if (value instanceof List<?> list) {
                value = list.get(position(key, list.size() - 1));
            } else if (value instanceof String text) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                value = (long) (bytes[position(key, bytes.length - 1)] & 0xff);
            } else {
                throw new TemplateException(
                        value == null
                                ? "index of untyped nil"
                                : "can't index item of type " + GoFormat.typeName(value));
            }
        }
        return value;
    }

    private static String mapKey(Object key) throws TemplateException {
        if (key instanceof String text) {
            return text;
        }
        throw new TemplateException("value has type " + GoFormat.typeName(key) + "; should be string");
    }

    private static int position(Object key, int greatest) throws TemplateException {
        if (!(key instanceof Long at)) {
            throw new TemplateException("cannot index slice/array with type " + GoFormat.typeName(key));
        }
        if (at < 0 || at > greatest) {
            throw new TemplateException("index out of range: " + at);
        }
        return at.intValue();
    }

    private static Object slice(List<Object> arguments) throws TemplateException {
        Object value = arguments.get(0);
        int size = value instanceof String text ? text.length() : value instanceof List<?> list ? list.size() : -1;
        if (size < 0 || arguments.size() > 3) {
            throw new TemplateException("can't slice item of type " + GoFormat.typeName(value));
        }
        int from = arguments.size() > 1 ? position(arguments.get(1), size) : 0;
        int to = arguments.size() > 2 ? position(arguments.get(2), size) : size;
        if (from > to) {
            throw new TemplateException("invalid slice index: " + from + " > " + to);
        }
        return value instanceof String text ? text.substring(from, to) : ((List<?>) value).subList(from, to);
    }

    private static Object println(List<Object> arguments) {
        return String.join(" ", arguments.stream().map(GoFormat::value).toList()) + "\n";
    }

    private static Object printf(List<Object> arguments) throws TemplateException {
        return Printf.format(Function.string(arguments, 0), arguments.subList(1, arguments.size()));
    }

    private static Object equal(List<Object> arguments) throws TemplateException {
        for (Object other : arguments.subList(1, arguments.size())) {
            if (areEqual(arguments.get(0), other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean areEqual(Object a, Object b) throws TemplateException {
        if (a == null || b == null) {
            return a == b;
        }
        requireComparable(a, b);
        return isInteger(a)
                ? big(a).equals(big(b))
                : a instanceof Double x ? x.doubleValue() == (Double) b : a.equals(b);
    }

    private static int compare(List<Object> arguments) throws TemplateException {
        Object a = arguments.get(0);
        Object b = arguments.get(1);
        requireComparable(a, b);
        if (isInteger(a)) {
            return big(a).compareTo(big(b));
        }
        if (a instanceof Double x) {
            double y = (Double) b;
            // NaN is less than, equal to and greater than nothing; lt, le, gt, ge of Go come out false only for lt and
            // gt.
            return x < y ? -1 : x > y ? 1 : x == y ? 0 : 1;
        }
        if (a instanceof String text) {
            return Labels.UTF8_ORDER.compare(text, (String) b);
        }
        throw new TemplateException("invalid type for comparison");
    }

    private static void requireComparable(Object a, Object b) throws TemplateException {
        boolean basic = a instanceof Number || a instanceof String || a instanceof Boolean;
        if (!basic) {
            throw new TemplateException("non-comparable type " + GoFormat.value(a) + ": " + GoFormat.typeName(a));
        }
        if (isInteger(a) ? !isInteger(b) : b == null || a.getClass() != b.getClass()) {
            throw new TemplateException("incompatible types for comparison");
        }
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    private static BigInteger big(Object integer) {
        return integer instanceof BigInteger big ? big : BigInteger.valueOf((Long) integer);
    }
}
