package org.narthex.scrape.text;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads a number in place, correctly rounded. Up to 19 digits with a small exponent are done without allocating: by one exact multiplication
 * or division where both operands are exact doubles, else by multiplying with a 128-bit power of ten (Eisel and Lemire, "Number Parsing at a
 * Gigabyte per Second", 2021); what these cannot decide goes to {@link Double#parseDouble}.
 *
 * <p>Syntax is Go's {@code strconv.ParseFloat} without hexadecimal and underscores: {@code Inf}, {@code Infinity} and {@code NaN} in any letter
 * case, a number too great for a double is an error. Every NaN becomes the one Prometheus stores.
 */
final class Decimal {
    /** Prometheus' ordinary NaN, so that no target can send a staleness marker. */
    static final double NAN = Double.longBitsToDouble(0x7ff8000000000001L);

    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final int MAX_DIGITS = 19;
    private static final int MAX_WIDE_EXPONENT = 64;

    private int end;

    /** Where the number read last ends: the first byte after it. */
    int end() {
        return end;
    }

    /**
     * Reads the number at the position; it ends before a blank, a line break, a brace or a NUL, one of which must follow.
     *
     * @throws NumberFormatException with a message as Prometheus words it
     */
    double parse(byte[] b, int from) {
        int p = from;
        boolean negative = b[p] == '-';
        if (negative || b[p] == '+') {
            p++;
        }
        long mantissa = 0;
        int scale = 0;
        int start = p;
        int c;
        while ((c = b[p] - '0') >= 0 && c <= 9) {
            mantissa = mantissa * 10 + c;
            p++;
        }
        int digits = p - start;
        if (b[p] == '.') {
            p++;
            int fraction = p;
            while ((c = b[p] - '0') >= 0 && c <= 9) {
                mantissa = mantissa * 10 + c;
                p++;
            }
            scale = fraction - p;
            digits -= scale;
        }
        if (digits == 0 || digits > MAX_DIGITS) {
            return slow(b, from);
        }
        if (b[p] == 'e' || b[p] == 'E') {
            p++;
            boolean down = b[p] == '-';
            if (down || b[p] == '+') {
                p++;
            }
            int exponentStart = p;
            int exponent = 0;
            while ((c = b[p] - '0') >= 0 && c <= 9 && p - exponentStart < 5) {
                exponent = exponent * 10 + c;
                p++;
            }
            if (p == exponentStart) {
                return slow(b, from);
            }
            scale += down ? -exponent : exponent;
        }
        if (!isDelimiter(b[p])) {
            return slow(b, from);
        }
        end = p;
        if (mantissa >= 0 && mantissa <= 1L << 53 && scale >= -22 && scale <= 22) {
            double exact = mantissa;
            double value = scale < 0 ? exact / EXACT_POWERS[-scale] : exact * EXACT_POWERS[scale];
            return negative ? -value : value;
        }
        double wide = wide(mantissa, scale);
        return Double.isNaN(wide) ? slow(b, from) : negative ? -wide : wide;
    }

    static boolean isDelimiter(int c) {
        return c == '\n' || c == ' ' || c == '\t' || c == '{' || c == 0;
    }

    /**
     * The double nearest to {@code mantissa * 10^exponent}, or NaN if 128 bits cannot tell.
     *
     * @param unsigned 1 to 19 digits, as an unsigned number
     */
    private static double wide(long unsigned, int exponent) {
        if (unsigned == 0 || exponent < -MAX_WIDE_EXPONENT || exponent > MAX_WIDE_EXPONENT) {
            return unsigned == 0 ? 0 : Double.NaN;
        }
        int zeros = Long.numberOfLeadingZeros(unsigned);
        long man = unsigned << zeros;
        int index = 2 * (exponent + MAX_WIDE_EXPONENT);
        long high = unsignedMultiplyHigh(man, WidePowers.BITS[index]);
        long low = man * WidePowers.BITS[index];
        if ((high & 0x1ff) == 0x1ff && Long.compareUnsigned(low + man, man) < 0) {
            // The first 64 bits of the power leave the rounding open: take the next 64.
            long nextHigh = unsignedMultiplyHigh(man, WidePowers.BITS[index + 1]);
            long nextLow = man * WidePowers.BITS[index + 1];
            long sum = low + nextHigh;
            if (Long.compareUnsigned(sum, low) < 0) {
                high++;
            }
            low = sum;
            if ((high & 0x1ff) == 0x1ff && low == -1 && Long.compareUnsigned(nextLow + man, man) < 0) {
                return Double.NaN;
            }
        }
        int top = (int) (high >>> 63);
        long rounded = high >>> (top + 9);
        if (low == 0 && (high & 0x1ff) == 0 && (rounded & 3) == 1) {
            // Exactly half way, or nearly: only all digits decide.
            return Double.NaN;
        }
        rounded = (rounded + (rounded & 1)) >>> 1;
        // floor(exponent * log2(10)) by a fixed-point constant, valid far beyond the range used here.
        int binary = ((217706 * exponent) >> 16) + 64 + 1023 - zeros - (1 ^ top);
        if (rounded >>> 53 != 0) {
            rounded >>>= 1;
            binary++;
        }
        return Double.longBitsToDouble(((long) binary << 52) | (rounded & ((1L << 52) - 1)));
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }

    private double slow(byte[] b, int from) {
        int p = from;
        boolean plain = true;
        while (!isDelimiter(b[p])) {
            byte c = b[p++];
            if (c == '_' || c == 'p' || c == 'P') {
                throw new NumberFormatException("unsupported character in float");
            }
            plain &= (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
        }
        end = p;
        String text = new String(b, from, p - from, StandardCharsets.UTF_8);
        return parse(text, plain);
    }

    /** Reads a whole text, for label values such as {@code le}. */
    static double parse(String text) {
        boolean plain = text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
        return parse(text, plain);
    }

    private static double parse(String text, boolean plain) {
        if (plain && !text.isEmpty()) {
            try {
                double value = Double.parseDouble(text);
                if (Double.isInfinite(value)) {
                    throw new NumberFormatException("parsing \"" + text + "\": value out of range");
                }
                return value;
            } catch (NumberFormatException e) {
                throw e.getMessage().startsWith("parsing") ? e : invalid(text);
            }
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> NAN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw invalid(text);
        };
    }

    private static NumberFormatException invalid(String text) {
        return new NumberFormatException("parsing \"" + text + "\": invalid syntax");
    }

    /** The first 128 bits of each power of ten, rounded down: two longs each, the higher first. Made only when a number needs it. */
    private static final class WidePowers {
        static final long[] BITS = new long[2 * (2 * MAX_WIDE_EXPONENT + 1)];

        static {
            for (int exponent = -MAX_WIDE_EXPONENT; exponent <= MAX_WIDE_EXPONENT; exponent++) {
                BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
                BigInteger bits = exponent < 0
                        ? BigInteger.ONE.shiftLeft(128 + power.bitLength()).divide(power)
                        : power;
                bits = bits.shiftRight(bits.bitLength() - 128);
                int index = 2 * (exponent + MAX_WIDE_EXPONENT);
                BITS[index] = bits.shiftRight(64).longValue();
                BITS[index + 1] = bits.longValue();
            }
        }
    }
}
