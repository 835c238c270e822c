package org.narthex.channel.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Shortening and naming as services want it. */
final class Text {
    private static final String ELLIPSIS = "\u2026";

    private Text() {}

    /** At most so many characters, the last one an ellipsis if some are left out. */
    static String first(String text, int characters) {
        if (text.codePointCount(0, text.length()) <= characters) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, characters - 1)) + ELLIPSIS;
    }

    /** At most so many bytes of UTF-8, the last ones an ellipsis if some are left out. */
    static String firstBytes(String text, int bytes) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        if (all.length <= bytes) {
            return text;
        }
        int end = bytes - ELLIPSIS.getBytes(StandardCharsets.UTF_8).length;
        while (end > 0 && (all[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(all, 0, end, StandardCharsets.UTF_8) + ELLIPSIS;
    }

    /** What a service calls the incident of a group: the SHA-256 of the group's key, as Alertmanager has it. */
    static String hash(String groupKey) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(groupKey.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }

    /** The parts between commas that are not empty. */
    static List<String> list(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.strip().split(",", -1)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }
}
