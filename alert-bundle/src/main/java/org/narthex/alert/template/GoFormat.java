package org.narthex.alert.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.HistogramBucket;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;

/** Texts of values as Go's packages fmt and strconv give them. */
final class GoFormat {
    private GoFormat() {}

    /** What {@code %v} prints. */
    static String value(Object value) {
        if (value == null) {
            return "<nil>";
        }
        if (value instanceof Double number) {
            return shortest(number);
        }
        if (value instanceof KeyValues || value instanceof Pairs) {
            return value.toString();
        }
        if (value instanceof Histogram histogram) {
            return histogram(histogram);
        }
        if (value instanceof Labels labels) {
            return value(labels.toMap());
        }
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>(Labels.UTF8_ORDER);
            map.forEach((key, element) -> sorted.put(value(key), value(element)));
            List<String> pairs = new ArrayList<>();
            sorted.forEach((key, element) -> pairs.add(key + ":" + element));
            return "map[" + String.join(" ", pairs) + "]";
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(" ", list.stream().map(GoFormat::value).toList()) + "]";
        }
        return value.toString();
    }

    /** {@code {count:3, sum:10, (0.5,1]:3}} */
    private static String histogram(Histogram histogram) {
        StringBuilder out = new StringBuilder("{count:").append(shortest(histogram.count()));
        out.append(", sum:").append(shortest(histogram.sum()));
        for (HistogramBucket bucket : HistogramBucket.of(histogram)) {
            out.append(", ")
                    .append(bucket.lowerInclusive() ? '[' : '(')
                    .append(shortest(bucket.lower()))
                    .append(',')
                    .append(shortest(bucket.upper()))
                    .append(bucket.upperInclusive() ? ']' : ')')
                    .append(':')
                    .append(shortest(bucket.count()));
        }
        return out.append('}').toString();
    }

    /** {@code %g} of the shortest digits that read back as the number; an exponent below 1e-4 and from 1e6 on. */
    static String shortest(double number) {
        if (isSpecial(number) || number == 0) {
            return SampleValue.format(number);
        }
        String exponential = SampleValue.formatExponent(number);
        int e = exponential.indexOf('e');
        int exponent = Integer.parseInt(exponential.substring(e + 1));
        return exponent < -4 || exponent >= 6 ? exponential : new BigDecimal(exponential).toPlainString();
    }

    /** {@code %.<precision>g}: so many significant digits at most, no trailing zeros. */
    static String general(double number, int precision) {
        if (isSpecial(number) || number == 0) {
            return SampleValue.format(number);
        }
        BigDecimal rounded = rounded(number, Math.max(1, precision)).stripTrailingZeros();
        int digits = rounded.precision();
        int exponent = digits - rounded.scale() - 1;
        int limit = precision > digits && digits >= exponent + 1 ? digits : Math.max(1, precision);
        return exponent < -4 || exponent >= limit ? exponential(rounded, digits - 1) : rounded.toPlainString();
    }

    /** {@code %.<decimals>e} */
    static String exponential(double number, int decimals) {
        return isSpecial(number)
                ? SampleValue.format(number)
                : number == 0
                        ? exponential(BigDecimal.ZERO, decimals)
                        : exponential(rounded(number, decimals + 1), decimals);
    }

    /** {@code %.<decimals>f} */
    static String fixed(double number, int decimals) {
        if (isSpecial(number)) {
            return SampleValue.format(number);
        }
        String text = new BigDecimal(number)
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .toPlainString();
        boolean lostSign = (number < 0 || 1 / number < 0) && !text.startsWith("-");
        return lostSign ? "-" + text : text;
    }

    private static BigDecimal rounded(double number, int digits) {
        return new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String exponential(BigDecimal number, int decimals) {
        BigInteger unscaled = number.unscaledValue().abs();
        String digits = unscaled.toString();
        int exponent = number.signum() == 0 ? 0 : digits.length() - 1 - number.scale();
        StringBuilder out = new StringBuilder(number.signum() < 0 ? "-" : "");
        out.append(digits.charAt(0));
        if (decimals > 0) {
            out.append('.');
            for (int i = 1; i <= decimals; i++) {
                out.append(i < digits.length() ? digits.charAt(i) : '0');
            }
        }
        int abs = Math.abs(exponent);
        return out.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(abs < 10 ? "0" : "")
                .append(abs)
                .toString();
    }

    static boolean isSpecial(double number) {
        return Double.isNaN(number) || Double.isInfinite(number);
    }

    /** The text in double quotes with Go's escapes. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case 11 -> out.append("\\v");
                default -> {
                    if (c < ' ' || c == 127) {
                        out.append("\\x").append(Integer.toHexString(0x100 + c), 1, 3);
                    } else if (c >= 0x80 && (Character.isISOControl(c) || !Character.isDefined(c))) {
                        out.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    /** The text meant by what stands between the quotes of a Go string; empty if an escape is wrong. */
    static Optional<String> unquote(String body) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (i == body.length()) {
                return Optional.empty();
            }
            char escape = body.charAt(i++);
            int simple = "abfnrtv\\'\"".indexOf(escape);
            if (simple >= 0) {
                out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
                continue;
            }
            int length =
                    switch (escape) {
                        case 'x' -> 2;
                        case 'u' -> 4;
                        case 'U' -> 8;
                        default -> escape >= '0' && escape <= '7' ? 3 : 0;
                    };
            boolean octal = length == 3;
            int start = octal ? i - 1 : i;
            if (length == 0 || start + length > body.length()) {
                return Optional.empty();
            }
            try {
                out.appendCodePoint(Integer.parseInt(body.substring(start, start + length), octal ? 8 : 16));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
            i = start + length;
        }
        return Optional.of(out.toString());
    }

    /** The name of the Go type that the value stands for. */
    static String typeName(Object value) {
        if (value == null) {
            return "nil";
        }
        if (value instanceof Members members) {
            return members.typeName();
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof BigInteger) {
            return "uint64";
        }
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Labels) {
            return "map[string]string";
        }
        if (value instanceof Histogram) {
            return "*histogram.FloatHistogram";
        }
        return value instanceof List ? "[]interface {}" : "map[string]interface {}";
    }
}
