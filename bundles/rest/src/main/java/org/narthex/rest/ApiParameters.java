package org.narthex.rest;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The parameters of a request, from the URL and from a form in its body, which comes first. Names may repeat. */
final class ApiParameters {
    private static final int MAX_FORM_BYTES = 10 << 20;
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    private final Map<String, List<String>> values = new HashMap<>();

    private ApiParameters() {}

    /** @param query what stands after {@code ?}, still encoded; may be null */
    static ApiParameters of(String query) {
        ApiParameters parameters = new ApiParameters();
        parameters.readQuery(query);
        return parameters;
    }

    /** Like {@link #of(String)}, and reads the body if it is a form. */
    static ApiParameters of(String query, String contentType, InputStream body) {
        ApiParameters parameters = new ApiParameters();
        if (contentType != null
                && contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            try {
                byte[] form = body.readNBytes(MAX_FORM_BYTES + 1);
                if (form.length > MAX_FORM_BYTES) {
                    throw new ApiException(ErrorType.BAD_DATA, "error parsing form values: the form is too large");
                }
                parameters.read(new String(form, StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new ApiException(ErrorType.BAD_DATA, "error parsing form values: " + e.getMessage(), e);
            }
        }
        parameters.readQuery(query);
        return parameters;
    }

    private void readQuery(String query) {
        if (query != null) {
            read(new String(query.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
    }

    /** @param encoded a character for each byte */
    private void read(String encoded) {
        try {
            for (int start = 0; start < encoded.length(); ) {
                int end = encoded.indexOf('&', start);
                end = end < 0 ? encoded.length() : end;
                if (end > start) {
                    int equals = encoded.indexOf('=', start);
                    boolean hasValue = equals >= 0 && equals < end;
                    String name = decode("the name of a parameter", encoded.substring(start, hasValue ? equals : end));
                    String value = hasValue ? decode("\"" + name + "\"", encoded.substring(equals + 1, end)) : "";
                    values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
                }
                start = end + 1;
            }
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, "error parsing form values: " + e.getMessage(), e);
        }
    }

    /** @param bytes a character for each, with escapes of further ones */
    private static String decode(String what, String bytes) {
        byte[] raw = URLDecoder.decode(bytes, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + " is not valid UTF-8", e);
        }
    }

    /** The first value, or the empty string. */
    String text(String name) {
        return values.getOrDefault(name, List.of("")).get(0);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A mandatory time, in milliseconds since the epoch. */
    long time(String name) {
        try {
            return ApiTime.parse(text(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.badParameter(name, e.getMessage());
        }
    }

    long time(String name, long defaultMs) {
        String text = text(name);
        if (text.isEmpty()) {
            return defaultMs;
        }
        try {
            return ApiTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badParameter(name, "invalid time value for '" + name + "': " + e.getMessage());
        }
    }

    /** A mandatory duration in milliseconds. */
    long duration(String name) {
        try {
            return ApiTime.parseDuration(text(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.badParameter(name, e.getMessage());
        }
    }

    /** A duration in milliseconds, 0 if it is not given. */
    long optionalDuration(String name) {
        return text(name).isEmpty() ? 0 : duration(name);
    }

    /** A number of results, 0 for all. */
    int limit(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return 0;
        }
        long limit;
        try {
            limit = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.badParameter(name, "\"" + text + "\" is no whole number");
        }
        if (limit < 0) {
            throw ApiException.badParameter(name, "limit must be non-negative");
        }
        return (int) Math.min(limit, Integer.MAX_VALUE - 1);
    }

    boolean flag(String name) {
        String text = text(name);
        if (text.isEmpty() || FALSE.contains(text)) {
            return false;
        }
        if (TRUE.contains(text)) {
            return true;
        }
        throw ApiException.badParameter(name, "\"" + text + "\" is neither true nor false");
    }
}
