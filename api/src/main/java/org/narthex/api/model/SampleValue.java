package org.narthex.api.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text of sample values: the shortest digits that read back as the same double, as Go and Prometheus print them. */
public final class SampleValue {
    private static final double EXACT = 1e15;
    /** From which power of ten on {@code %v} writes an exponent. */
    private static final int GENERAL_EXPONENT = 6;

    private static final Pattern GO_FLOAT = goFloat();
    private static final RoundingMode[] ROUNDINGS = {RoundingMode.HALF_EVEN, RoundingMode.UP};

    private SampleValue() {}

    private static Pattern goFloat() {
        String decimal = "\\d+(?:_\\d+)*";
        String hex = "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*";
        String form = "[+-]?(?:(?:D(?:\\.D?)?|\\.D)(?:[eE][+-]?D)?|0[xX]_?(?:H(?:\\.H?)?|\\.H)[pP][+-]?D)";
        return Pattern.compile(form.replace("D", decimal).replace("H", hex));
    }

    /**
     * The form of the HTTP API and of PromQL: plain notation, exponents only below 1e-6 and from 1e21 on ({@code 1e-07}, {@code 1e+21});
     * {@code NaN}, {@code +Inf}, {@code -Inf}.
     */
    public static String format(double value) {
        StringBuilder out = new StringBuilder(24);
        append(out, value);
        return out.toString();
    }

    /** Appends what {@link #format(double)} returns. */
    public static void append(StringBuilder out, double value) {
        if (value == (long) value && Math.abs(value) < EXACT) {
            if (value == 0 && 1 / value < 0) {
                out.append('-');
            }
            out.append((long) value);
            return;
        }
        if (appendSpecial(out, value)) {
            return;
        }
        double abs = Math.abs(value);
        if (abs < 1e-6 || abs >= 1e21) {
            appendExponent(out, shortest(value));
        } else {
            out.append(shortest(value).toPlainString());
        }
    }

    /** The form with an exponent always, {@code 1.5e+00}; the state of alerts uses it. */
    public static String formatExponent(double value) {
        StringBuilder out = new StringBuilder(24);
        if (!appendSpecial(out, value)) {
            if (value == 0) {
                out.append(1 / value < 0 ? "-0e+00" : "0e+00");
            } else {
                appendExponent(out, shortest(value));
            }
        }
        return out.toString();
    }

    /** Plain notation always, however many digits that takes; PromQL's number literals use it. */
    public static String formatPlain(double value) {
        StringBuilder out = new StringBuilder(24);
        if (!appendSpecial(out, value)) {
            if (value == 0) {
                out.append(1 / value < 0 ? "-0" : "0");
            } else {
                out.append(shortest(value).toPlainString());
            }
        }
        return out.toString();
    }

    /** Go's {@code %v}: with an exponent below 1e-4 and from 1e6 on. */
    public static String formatGeneral(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return formatPlain(value);
        }
        BigDecimal digits = shortest(value);
        int exponent = digits.precision() - 1 - digits.scale();
        return exponent < -4 || exponent >= GENERAL_EXPONENT ? formatExponent(value) : digits.toPlainString();
    }

    /**
     * Reads a value as Go's {@code strconv.ParseFloat} does: decimal, with exponent, hexadecimal with a binary exponent, underscores between digits,
     * {@code Inf} in any letter case and with a sign, {@code NaN} without one.
     *
     * @throws NumberFormatException naming the text
     */
    public static double parse(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> {
                return Double.NaN;
            }
            case "inf", "+inf", "infinity", "+infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                return number(text);
            }
        }
    }

    private static double number(String text) {
        // Java also takes a type suffix and surrounding blanks, and no underscores.
        boolean plain =
                !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
        if (!plain && !GO_FLOAT.matcher(text).matches()) {
            throw new NumberFormatException("not a number: \"" + text + "\"");
        }
        double value = Double.parseDouble(plain ? text : text.replace("_", ""));
        if (Double.isInfinite(value)) {
            throw new NumberFormatException("out of range: \"" + text + "\"");
        }
        return value;
    }

    private static boolean appendSpecial(StringBuilder out, double value) {
        if (Double.isNaN(value)) {
            out.append("NaN");
        } else if (Double.isInfinite(value)) {
            out.append(value > 0 ? "+Inf" : "-Inf");
        } else {
            return false;
        }
        return true;
    }

    /**
     * The shortest decimal that reads back as the value. Up to 15 digits Double.toString gives it; beyond, and for subnormals, JDKs differ in
     * the last digits, so it is found by trial.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal printed = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        boolean subnormal = Math.abs(value) < Double.MIN_NORMAL;
        if (printed.precision() <= 15 && !subnormal) {
            return printed;
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = subnormal ? 1 : 15; digits < 17; digits++) {
            // Below a power of two doubles lie closer than above it: there the nearest decimal may miss where the next
            // one up hits.
            for (RoundingMode rounding : ROUNDINGS) {
                BigDecimal candidate = exact.round(new MathContext(digits, rounding));
                if (candidate.doubleValue() == value) {
                    return candidate.stripTrailingZeros();
                }
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static void appendExponent(StringBuilder out, BigDecimal value) {
        String digits = value.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - value.scale();
        if (value.signum() < 0) {
            out.append('-');
        }
        out.append(digits.charAt(0));
        if (digits.length() > 1) {
            out.append('.').append(digits, 1, digits.length());
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        int abs = Math.abs(exponent);
        if (abs < 10) {
            out.append('0');
        }
        out.append(abs);
    }
}
