package org.narthex.promql.parser;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * String literals with Go's escapes. Escapes such as {@code \xff} may give bytes that are no UTF-8; each such byte is kept as the lone
 * surrogate {@code U+DC00 + byte}, which no valid text contains.
 */
public final class Quoting {
    private static final int BYTE_ESCAPE = 0xDC00;
    private static final String HEX = "0123456789abcdef";

    private Quoting() {}

    /** Whether the text came from valid UTF-8. */
    public static boolean isValidUtf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** The text in UTF-8, with the bytes that are none as they were; a surrogate that stands for no byte becomes one that no UTF-8 has. */
    static byte[] bytes(String text) {
        if (isValidUtf8(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(c -> {
            boolean isByte = c >= BYTE_ESCAPE + 0x80 && c <= BYTE_ESCAPE + 0xFF;
            if (isByte || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                out.write(isByte ? c & 0xFF : 0xFF);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    /** The text in double quotes, as Go's {@code %q} prints it. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> append(out, c));
        return out.append('"').toString();
    }

    /** Like {@link #quote}, but long texts end in dots. */
    static String quoteShort(String text) {
        return text.length() > 10 ? quote(text.substring(0, 10)) + "..." : quote(text);
    }

    /** The code point in single quotes, as Go prints it. */
    static String quoteChar(int c) {
        if (c == '\'') {
            return "'\\''";
        }
        StringBuilder out = new StringBuilder("'");
        if (c == '"') {
            out.append('"');
        } else {
            append(out, c);
        }
        return out.append('\'').toString();
    }

    private static void append(StringBuilder out, int c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            default -> {
                if (c >= BYTE_ESCAPE + 0x80 && c <= BYTE_ESCAPE + 0xFF) {
                    appendHex(out.append("\\x"), c & 0xFF, 2);
                } else if (c < ' ' || c == 0x7F) {
                    appendHex(out.append("\\x"), c, 2);
                } else if (Character.isISOControl(c) || !Character.isDefined(c)) {
                    appendHex(out.append(c > 0xFFFF ? "\\U" : "\\u"), c, c > 0xFFFF ? 8 : 4);
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static void appendHex(StringBuilder out, int value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append(HEX.charAt((value >> shift) & 15));
        }
    }

    /** The value of a literal that the lexer accepted, with its quotes. */
    public static String unquote(String literal) {
        char quote = literal.charAt(0);
        String body = literal.substring(1, literal.length() - 1);
        if (quote == '`') {
            return body.replace("\r", "");
        }
        if (body.indexOf('\\') < 0) {
            return body;
        }
        byte[] source = body.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[source.length * 2];
        int n = 0;
        int i = 0;
        while (i < source.length) {
            byte b = source[i++];
            if (b != '\\') {
                out[n++] = b;
                continue;
            }
            byte e = source[i++];
            switch (e) {
                case 'a' -> out[n++] = 7;
                case 'b' -> out[n++] = '\b';
                case 'f' -> out[n++] = '\f';
                case 'n' -> out[n++] = '\n';
                case 'r' -> out[n++] = '\r';
                case 't' -> out[n++] = '\t';
                case 'v' -> out[n++] = 11;
                case 'x' -> {
                    out[n++] = (byte) number(source, i, 2, 16);
                    i += 2;
                }
                case 'u', 'U' -> {
                    int digits = e == 'u' ? 4 : 8;
                    byte[] encoded =
                            Character.toString(number(source, i, digits, 16)).getBytes(StandardCharsets.UTF_8);
                    System.arraycopy(encoded, 0, out, n, encoded.length);
                    n += encoded.length;
                    i += digits;
                }
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    out[n++] = (byte) number(source, i - 1, 3, 8);
                    i += 2;
                }
                default -> out[n++] = e;
            }
        }
        return decode(Arrays.copyOf(out, n));
    }

    private static int number(byte[] digits, int from, int count, int radix) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value * radix + Character.digit(digits[i], radix);
        }
        return value;
    }

    /** The text of bytes, also of those that are no UTF-8. */
    static String decode(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length);
        int i = 0;
        while (i < bytes.length) {
            int length = sequenceLength(bytes, i);
            if (length == 0) {
                out.append((char) (BYTE_ESCAPE + (bytes[i++] & 0xFF)));
            } else {
                out.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return out.toString();
    }

    /** Length of the valid UTF-8 sequence at the index, 0 if there is none. */
    static int sequenceLength(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') >= 0 && !isReplacement(bytes, at) ? 0 : length;
    }

    private static boolean isReplacement(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) == 0xEF && (bytes[at + 1] & 0xFF) == 0xBF && (bytes[at + 2] & 0xFF) == 0xBD;
    }
}
