package org.narthex.promql.parser;

/**
 * Finds the end of a number or duration: decimal with underscores between digits, fraction and exponent; hexadecimal integers; durations
 * such as {@code 1h30m}. Whether units are in order is checked when the duration is read.
 */
final class NumberScanner {
    private final byte[] input;
    private int pos;

    NumberScanner(byte[] input, int pos) {
        this.input = input;
        this.pos = pos;
    }

    int end() {
        return pos;
    }

    /** NUMBER, DURATION, or ERROR with {@link #end} after what could not be read. */
    TokenType scan() {
        if (scanNumber()) {
            return TokenType.NUMBER;
        }
        return scanUnits() ? TokenType.DURATION : TokenType.ERROR;
    }

    private int peek() {
        return pos < input.length ? input[pos] & 0xFF : -1;
    }

    private boolean accept(String set) {
        int c = peek();
        if (c >= 0 && set.indexOf(c) >= 0) {
            pos++;
            return true;
        }
        return false;
    }

    private boolean scanNumber() {
        int first = pos;
        boolean hex = accept("0") && accept("xX");
        String digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
        if (hex) {
            accept("_");
        }
        boolean dot = false;
        boolean exponent = false;
        while (true) {
            if (accept(digits)) {
                continue;
            }
            int c = peek();
            if (c == '.') {
                pos++;
                if (dot || hex || accept("_.")) {
                    return false;
                }
                dot = true;
            } else if (!hex && (c == 'e' || c == 'E')) {
                if (exponent || pos == first) {
                    pos++;
                    return false;
                }
                pos++;
                exponent = true;
                accept("+-");
                if (accept("._eE") || peek() < 0) {
                    return false;
                }
            } else if (c == '_') {
                pos++;
                if (accept("._eE") || peek() < 0) {
                    return false;
                }
            } else {
                return pos > first && !Lexer.isAlphaNumeric(c);
            }
        }
    }

    private boolean scanUnits() {
        if (!accept("smhdwy")) {
            return false;
        }
        accept("s");
        while (accept("0123456789")) {
            while (accept("0123456789")) {
                // take the run of digits
            }
            if (!accept("smhdw")) {
                return false;
            }
            accept("s");
        }
        if (Lexer.isAlphaNumeric(peek())) {
            pos++;
            return false;
        }
        return true;
    }
}
