package org.narthex.channel.email;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.UUID;

/** Writes a message of mail (RFC 5322, MIME): headers, then the text and the HTML as alternatives, the better one last. */
final class MailMessage {
    /** The longest encoded word of a header and the longest line of a body. */
    private static final int MAX_WORD = 75;

    private static final String ENCODING = "=?utf-8?q?";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final StringBuilder out = new StringBuilder(4096);

    private MailMessage() {}

    /** @param groupKey by which messages hang together, if they are to */
    static String of(EmailSection section, String groupKey, String hostName, Instant now) {
        return new MailMessage().write(section, groupKey, hostName, now);
    }

    private String write(EmailSection section, String groupKey, String hostName, Instant now) {
        section.headers().forEach(this::header);
        String id = UUID.randomUUID().toString();
        if (!section.headers().containsKey("Message-Id")) {
            header("Message-Id", "<" + id + "@" + hostName + ">");
        }
        if (section.threading()) {
            // A message that never was: readers gather those that refer to it.
            String day = section.threadDaily()
                    ? LocalDate.ofInstant(now, ZoneId.systemDefault()).toString()
                    : "";
            String root = "<alert-" + hash(groupKey) + "-" + day + "@alertmanager>";
            header("References", root);
            header("In-Reply-To", root);
        }
        header(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        now.atZone(ZoneId.systemDefault()).toOffsetDateTime()));
        String boundary = id.replace("-", "");
        line("Content-Type: multipart/alternative; boundary=" + boundary);
        line("MIME-Version: 1.0");
        line("");
        part(boundary, "plain", section.text());
        part(boundary, "html", section.html());
        line("--" + boundary + "--");
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append("\r\n");
    }

    private void part(String boundary, String type, String text) {
        if (!text.isEmpty()) {
            line("--" + boundary);
            line("Content-Transfer-Encoding: quoted-printable");
            line("Content-Type: text/" + type + "; charset=UTF-8");
            line("");
            body(text);
            line("");
        }
    }

    private void header(String name, String value) {
        line(name + ": " + word(value));
    }

    /** The text as it is, or, if it has other characters than printable ASCII, in encoded words (RFC 2047). */
    static String word(String text) {
        if (text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t')) {
            return text;
        }
        StringBuilder words = new StringBuilder(ENCODING);
        int length = ENCODING.length();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            String encoded = encoded(text.codePointAt(i));
            if (length + encoded.length() + 2 > MAX_WORD) {
                words.append("?= ").append(ENCODING);
                length = ENCODING.length();
            }
            words.append(encoded);
            length += encoded.length();
        }
        return words.append("?=").toString();
    }

    private static String encoded(int character) {
        if (character == ' ') {
            return "_";
        }
        boolean plain = character > ' ' && character < 0x7f && "=?_\"(),.:;<>@[]\\".indexOf(character) < 0;
        return plain ? Character.toString(character) : hex(Character.toString(character));
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append('=').append(HEX.toHexDigits(b));
        }
        return hex.toString();
    }

    /** As quoted-printable: ASCII, in lines that are not too long. */
    private void body(String text) {
        int column = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                continue;
            }
            if (c == '\n') {
                out.append("\r\n");
                column = 0;
                continue;
            }
            boolean last = i + 1 == text.length() || text.charAt(i + 1) == '\n' || text.charAt(i + 1) == '\r';
            boolean blank = c == ' ' || c == '\t';
            boolean plain = (c > ' ' && c < 0x7f && c != '=') || (blank && !last);
            String encoded = plain ? Character.toString(c) : hex(Character.toString(c));
            for (int at = 0; at < encoded.length(); at += plain ? 1 : 3) {
                String piece = plain ? encoded : encoded.substring(at, at + 3);
                if (column + piece.length() > MAX_WORD) {
                    out.append("=\r\n");
                    column = 0;
                }
                out.append(piece);
                column += piece.length();
            }
        }
    }

    private static String hash(String groupKey) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(groupKey.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }
}
