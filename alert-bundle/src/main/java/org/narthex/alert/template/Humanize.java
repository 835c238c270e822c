package org.narthex.alert.template;

import java.math.BigInteger;
import java.time.Instant;

import org.narthex.api.model.SampleValue;

/** Numbers for people. */
final class Humanize {
    private static final String[] LARGE = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    private static final String[] SMALL = {"m", "u", "n", "p", "f", "a", "z", "y"};

    private Humanize() {}

    /** The number that a template gave as such or as text. */
    static double number(Object value) throws TemplateException {
        if (value instanceof Number number) {
            return number instanceof BigInteger big ? big.doubleValue() : number.doubleValue();
        }
        if (value instanceof String text) {
            try {
                return SampleValue.parse(text);
            } catch (NumberFormatException e) {
                throw new TemplateException("strconv.ParseFloat: parsing " + GoFormat.quote(text) + ": invalid syntax");
            }
        }
        throw new TemplateException("can't convert " + GoFormat.typeName(value) + " to float");
    }

    /** With SI prefixes: {@code 1.235M}, {@code 120m}. */
    static String decimal(double number) {
        double v = number;
        String prefix = "";
        if (v == 0 || GoFormat.isSpecial(v)) {
            return GoFormat.general(v, 4);
        }
        if (Math.abs(v) >= 1) {
            for (String next : LARGE) {
                if (Math.abs(v) < 1000) {
                    break;
                }
                prefix = next;
                v /= 1000;
            }
        } else {
            for (String next : SMALL) {
                if (Math.abs(v) >= 1) {
                    break;
                }
                prefix = next;
                v *= 1000;
            }
        }
        return GoFormat.general(v, 4) + prefix;
    }

    /** With binary prefixes: {@code 1Mi}. */
    static String binary(double number) {
        double v = number;
        String prefix = "";
        if (Math.abs(v) > 1 && !GoFormat.isSpecial(v)) {
            for (String next : LARGE) {
                if (Math.abs(v) < 1024) {
                    break;
                }
                prefix = next + "i";
                v /= 1024;
            }
        }
        return GoFormat.general(v, 4) + prefix;
    }

    /** Seconds as {@code 1d 2h 3m 4s}, below a second with prefixes. */
    static String duration(double number) {
        if (GoFormat.isSpecial(number)) {
            return GoFormat.general(number, 4);
        }
        if (number != 0 && Math.abs(number) < 1) {
            return decimal(number) + "s";
        }
        String sign = number < 0 ? "-" : "";
        double v = Math.abs(number);
        // Go's conversion of what does not fit gives the smallest number.
        long whole = v >= 0x1p63 ? Long.MIN_VALUE : (long) v;
        long seconds = whole % 60;
        long minutes = whole / 60 % 60;
        long hours = whole / 3600 % 24;
        long days = whole / 86_400;
        if (days != 0) {
            return sign + days + "d " + hours + "h " + minutes + "m " + seconds + "s";
        }
        if (hours != 0) {
            return sign + hours + "h " + minutes + "m " + seconds + "s";
        }
        if (minutes != 0) {
            return sign + minutes + "m " + seconds + "s";
        }
        return sign + GoFormat.general(v, 4) + "s";
    }

    static String percentage(double number) {
        return GoFormat.general(number * 100, 4) + "%";
    }

    static String timestamp(double seconds) throws TemplateException {
        return GoFormat.isSpecial(seconds)
                ? GoFormat.general(seconds, 4)
                : time(seconds).toString();
    }

    /** The time of Unix seconds, cut to milliseconds as Prometheus does. */
    static GoTime time(double seconds) throws TemplateException {
        double nanos = seconds * 1e9;
        if (!(nanos < 0x1p63 && nanos >= -0x1p63)) {
            throw new TemplateException(GoFormat.shortest(seconds)
                    + " cannot be represented as a nanoseconds timestamp since it overflows int64");
        }
        return new GoTime(Instant.ofEpochMilli((long) nanos / 1_000_000));
    }
}
