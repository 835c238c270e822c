package org.narthex.push;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.model.Labels;

/** The labels of a group as the path of a request spells them: {@code /job/<job>{/<label>/<value>}}, each name with {@code @base64} or without. */
final class GroupPath {
    private static final String BASE64 = "@base64";
    private static final String ESCAPED = "U__";
    private static final String JOB = "job";

    private GroupPath() {}

    /**
     * Reads a path.
     *
     * @param path as the request line has it, still percent-encoded, so that an encoded slash belongs to its value
     */
    static Labels parse(String path) throws PushException {
        String[] parts = path.split("/", -1);
        // The first one is empty, for the path begins with a slash; so is the last one if it ends with one.
        int count = parts.length > 3 && parts[parts.length - 1].isEmpty() && parts.length % 2 == 0
                ? parts.length - 1
                : parts.length;
        if (count < 3 || !labelName(parts[1]).equals(JOB)) {
            throw new PushException(HttpServletResponse.SC_NOT_FOUND, "no group is named by " + path);
        }
        if (count % 2 == 0) {
            throw bad("odd number of components in label string \"" + path + "\"");
        }
        Labels.Builder labels = Labels.builder();
        for (int i = 1; i < count; i += 2) {
            String name = labelName(parts[i]);
            if (name.isEmpty() || name.startsWith("__")) {
                throw bad("improper label name \"" + name + "\"");
            }
            if (i == 1 || !name.equals(JOB)) {
                labels.set(name, value(parts[i], name, decoded(parts[i + 1])));
            }
        }
        if (labels.get(JOB).isEmpty()) {
            throw bad("job name is required");
        }
        return labels.build();
    }

    private static String labelName(String part) throws PushException {
        String name = decoded(part);
        if (name.endsWith(BASE64)) {
            name = name.substring(0, name.length() - BASE64.length());
        }
        return name.startsWith(ESCAPED) ? unescaped(name) : name;
    }

    private static String value(String part, String name, String value) throws PushException {
        if (!decoded(part).endsWith(BASE64)) {
            return value;
        }
        try {
            String unpadded = value.replaceAll("=+$", "");
            return new String(Base64.getUrlDecoder().decode(unpadded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad("invalid base64 encoding for label " + name + "=\"" + value + "\": " + e.getMessage());
        }
    }

    /** Of a name in the escaping scheme {@code values}: {@code _2e_} is the character of that number, two underscores are one. */
    private static String unescaped(String name) {
        StringBuilder out = new StringBuilder();
        int i = ESCAPED.length();
        while (i < name.length()) {
            char c = name.charAt(i++);
            if (c != '_') {
                out.append(c);
                continue;
            }
            int end = name.indexOf('_', i);
            if (end < 0 || end > i + 6) {
                // Not in that scheme: taken as it is.
                return name;
            }
            if (end == i) {
                out.append('_');
            } else {
                try {
                    out.appendCodePoint(Integer.parseInt(name.substring(i, end), 16));
                } catch (IllegalArgumentException e) {
                    return name;
                }
            }
            i = end + 1;
        }
        return out.toString();
    }

    private static String decoded(String part) throws PushException {
        if (part.indexOf('%') < 0) {
            return part;
        }
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        int i = 0;
        while (i < bytes.length) {
            if (bytes[i] != '%') {
                bytes[length++] = bytes[i++];
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                throw bad("invalid URL escape in \"" + part + "\"");
            }
            bytes[length++] = (byte) (16 * high + low);
            i += 3;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static PushException bad(String message) {
        return new PushException(HttpServletResponse.SC_BAD_REQUEST, message);
    }
}
