package org.narthex.alert.template;

import java.math.BigInteger;
import java.util.Locale;

/** Numbers as Go writes them in source. Integers are {@link Long}, beyond that {@link BigInteger}; the others {@link Double}. */
final class GoNumber {
    private GoNumber() {}

    static boolean isNumber(String text) {
        try {
            parse(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** @throws NumberFormatException if it is none */
    static Number parse(String text) {
        String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
        boolean negative = digits.startsWith("-");
        String unsigned = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = radix(unsigned);
        if (radix != 10 && unsigned.indexOf('p') < 0) {
            String body = Character.isDigit(unsigned.charAt(1)) ? unsigned.substring(1) : unsigned.substring(2);
            return integer(new BigInteger(body, radix), negative);
        }
        if (unsigned.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return integer(new BigInteger(unsigned), negative);
        }
        char last = unsigned.isEmpty() ? 'x' : unsigned.charAt(unsigned.length() - 1);
        if (last == 'd' || (last == 'f' && radix == 10) || unsigned.isBlank()) {
            // Java's own type suffixes are not Go.
            throw new NumberFormatException(text);
        }
        double value = Double.parseDouble(unsigned);
        return negative ? -value : value;
    }

    private static int radix(String unsigned) {
        if (unsigned.length() < 2 || unsigned.charAt(0) != '0') {
            return 10;
        }
        return switch (unsigned.charAt(1)) {
            case 'x' -> 16;
            case 'b' -> 2;
            case 'o' -> 8;
            default -> unsigned.chars().allMatch(c -> c >= '0' && c <= '9') ? 8 : 10;
        };
    }

    private static Number integer(BigInteger magnitude, boolean negative) {
        BigInteger value = negative ? magnitude.negate() : magnitude;
        return value.bitLength() < 64 ? (Number) value.longValue() : value;
    }
}
