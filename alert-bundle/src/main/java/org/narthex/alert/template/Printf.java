package org.narthex.alert.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** Go's fmt.Sprintf. */
final class Printf {
    private final String format;
    private final List<Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int next;

    private boolean minus;
    private boolean plus;
    private boolean sharp;
    private boolean space;
    private boolean zero;
    private int width;
    private int precision;
    /** The number read last, and whether an argument gave it. */
    private int read;

    private boolean starred;

    private Printf(String format, List<Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<Object> arguments) {
        return new Printf(format, arguments).run();
    }

    /** Go's fmt.Sprint: a space stands between operands when neither is a string. */
    static String print(List<Object> arguments) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            if (i > 0 && !(arguments.get(i) instanceof String) && !(arguments.get(i - 1) instanceof String)) {
                out.append(' ');
            }
            out.append(GoFormat.value(arguments.get(i)));
        }
        return out.toString();
    }

    private String run() {
        int at = 0;
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = flags(percent + 1);
            if (at == format.length()) {
                out.append("%!(NOVERB)");
                break;
            }
            int verb = format.codePointAt(at);
            at += Character.charCount(verb);
            verb(verb);
        }
        if (next < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int i = next; i < arguments.size(); i++) {
                Object extra = arguments.get(i);
                out.append(i > next ? ", " : "").append(typed(extra));
            }
            out.append(')');
        }
        return out.toString();
    }

    /** Reads flags, width and precision; returns the index of the verb. */
    private int flags(int from) {
        minus = plus = sharp = space = zero = false;
        int at = from;
        while (at < format.length() && "-+# 0".indexOf(format.charAt(at)) >= 0) {
            switch (format.charAt(at++)) {
                case '-' -> minus = true;
                case '+' -> plus = true;
                case '#' -> sharp = true;
                case ' ' -> space = true;
                default -> zero = true;
            }
        }
        at = number(at);
        width = Math.max(0, read);
        if (read < 0 && starred) {
            minus = true;
            width = -read;
        }
        precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at = number(at + 1);
            precision = Math.max(0, read);
        }
        return at;
    }

    private int number(int from) {
        int at = from;
        read = 0;
        starred = at < format.length() && format.charAt(at) == '*';
        if (starred) {
            if (next < arguments.size() && arguments.get(next++) instanceof Long given) {
                read = (int) Math.max(-10_000, Math.min(10_000, given));
            } else {
                out.append("%!(BADWIDTH)");
            }
            return at + 1;
        }
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            // What is wider than that is nobody's wish.
            read = Math.min(10_000, read * 10 + (format.charAt(at++) - '0'));
        }
        return at;
    }

    private void verb(int verb) {
        if (verb == '%') {
            out.append('%');
        } else if (next >= arguments.size()) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            Object argument = arguments.get(next++);
            String text = text(verb, argument);
            pad(text == null ? "%!" + Character.toString(verb) + "(" + typed(argument) + ")" : text, argument);
        }
    }

    private static String typed(Object value) {
        return value == null ? "<nil>" : GoFormat.typeName(value) + "=" + GoFormat.value(value);
    }

    /** The argument in the form of the verb; null if the verb does not suit it. */
    private String text(int verb, Object argument) {
        if (verb == 'T') {
            return GoFormat.typeName(argument);
        }
        if (verb == 'v') {
            return argument instanceof Double number
                    ? floating('g', number)
                    : number(argument)
                            ? integer('d', argument)
                            : sharp && argument instanceof String text
                                    ? GoFormat.quote(text)
                                    : GoFormat.value(argument);
        }
        if (argument instanceof Boolean) {
            return verb == 't' ? argument.toString() : null;
        }
        if (number(argument)) {
            return integer(verb, argument);
        }
        if (argument instanceof Double number) {
            return floating(verb, number);
        }
        if (argument instanceof String || argument instanceof Members) {
            return string(verb, argument.toString());
        }
        return verb == 's' && argument != null ? GoFormat.value(argument) : null;
    }

    private static boolean number(Object argument) {
        return argument instanceof Long || argument instanceof BigInteger;
    }

    private String string(int verb, String text) {
        String cut = precision >= 0 && precision < text.codePointCount(0, text.length())
                ? text.substring(0, text.offsetByCodePoints(0, precision))
                : text;
        return switch (verb) {
            case 's' -> cut;
            case 'q' -> sharp && cut.indexOf('`') < 0 ? "`" + cut + "`" : GoFormat.quote(cut);
            case 'x', 'X' -> {
                StringBuilder hex = new StringBuilder();
                for (byte b : cut.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    hex.append(Integer.toHexString(0x100 + (b & 0xff)), 1, 3);
                }
                yield verb == 'x' ? hex.toString() : hex.toString().toUpperCase(Locale.ROOT);
            }
            default -> null;
        };
    }

    private String integer(int verb, Object argument) {
        BigInteger value = argument instanceof BigInteger big ? big : BigInteger.valueOf((Long) argument);
        String digits =
                switch (verb) {
                    case 'd' -> value.abs().toString();
                    case 'b' -> value.abs().toString(2);
                    case 'o' -> (sharp ? "0" : "") + value.abs().toString(8);
                    case 'x' -> (sharp ? "0x" : "") + value.abs().toString(16);
                    case 'X' -> (sharp ? "0X" : "") + value.abs().toString(16).toUpperCase(Locale.ROOT);
                    case 'c' -> Character.toString(value.intValue());
                    case 'q' -> "'" + Character.toString(value.intValue()) + "'";
                    case 'U' ->
                        "U+" + "0".repeat(Math.max(0, 4 - value.toString(16).length()))
                                + value.toString(16).toUpperCase(Locale.ROOT);
                    default -> null;
                };
        if (digits == null || verb == 'c' || verb == 'q' || verb == 'U') {
            return digits;
        }
        return sign(value.signum() < 0) + "0".repeat(Math.max(0, precision - digits.length())) + digits;
    }

    private String floating(int verb, double number) {
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        double abs = Math.abs(number);
        String digits =
                switch (verb) {
                    case 'f', 'F' -> GoFormat.fixed(abs, precision < 0 ? 6 : precision);
                    case 'e', 'E' -> GoFormat.exponential(abs, precision < 0 ? 6 : precision);
                    case 'g', 'G' -> precision < 0 ? GoFormat.shortest(abs) : GoFormat.general(abs, precision);
                    default -> null;
                };
        if (digits == null) {
            return null;
        }
        if (verb == 'E' || verb == 'G') {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        if (GoFormat.isSpecial(number)) {
            zero = false;
            return Double.isNaN(number) ? (plus ? "+NaN" : "NaN") : negative ? "-Inf" : "+Inf";
        }
        return sign(negative) + digits;
    }

    private String sign(boolean negative) {
        return negative ? "-" : plus ? "+" : space ? " " : "";
    }

    private void pad(String text, Object argument) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            out.append(text);
        } else if (minus) {
            out.append(text).append(" ".repeat(missing));
        } else if (zero && (number(argument) || argument instanceof Double)) {
            int digits = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            out.append(text, 0, digits).append("0".repeat(missing)).append(text, digits, text.length());
        } else {
            out.append((zero ? "0" : " ").repeat(missing)).append(text);
        }
    }
}
