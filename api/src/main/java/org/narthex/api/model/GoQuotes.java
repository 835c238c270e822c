package org.narthex.api.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The escapes of Go's quoted strings: the usual letters, three octal digits, x and two hex digits for a byte, u with four or U with eight for a character. */
public final class GoQuotes {
    private GoQuotes() {}

    /**
     * @param body what stands between the quotes
     * @throws IllegalArgumentException if an escape is none, or the bytes are not valid UTF-8
     */
    public static String unquote(String body) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < body.length()) {
            int c = body.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\') {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = i < body.length() ? body.charAt(i) : ' ';
            int digits =
                    switch (escape) {
                        case 'x' -> 2;
                        case 'u' -> 4;
                        case 'U' -> 8;
                        default -> 0;
                    };
            if (digits > 0) {
                int value = number(body, i + 1, digits, 16);
                out.writeBytes(escape == 'x' ? new byte[] {(byte) value} : codePoint(body, value));
                i += 1 + digits;
            } else if (escape >= '0' && escape <= '7') {
                out.write(number(body, i, 3, 8));
                i += 3;
            } else {
                out.write(letter(body, escape));
                i++;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("\"" + body + "\" is not valid UTF-8", e);
        }
    }

    private static int number(String body, int from, int digits, int radix) {
        int to = from + digits;
        try {
            return (int) Long.parseLong(body.substring(from, to), radix);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("bad escape in \"" + body + "\"", e);
        }
    }

    private static byte[] codePoint(String body, int value) {
        if (!Character.isValidCodePoint(value) || (value >= 0xd800 && value < 0xe000)) {
            throw new IllegalArgumentException("bad escape in \"" + body + "\"");
        }
        return Character.toString(value).getBytes(StandardCharsets.UTF_8);
    }

    private static int letter(String body, char escape) {
        return switch (escape) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case '\\', '"' -> escape;
            default -> throw new IllegalArgumentException("bad escape \\" + escape + " in \"" + body + "\"");
        };
    }
}
