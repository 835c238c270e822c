package org.narthex.scrape;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Decides by the Content-Type of a page how to read it. */
final class ContentType {
    private ContentType() {}

    /** The formats a target may send. */
    enum Format {
        TEXT,
        OPENMETRICS,
        PROTOBUF
    }

    /**
     * @param header empty if there was none
     * @param fallback the {@code fallback_scrape_protocol}; empty if none is configured
     * @throws ScrapeException the target does not say what it sends, and nothing says what to make of that
     */
    static Format of(String header, String fallback) throws ScrapeException {
        String problem;
        if (header.isBlank()) {
            problem = "non-compliant scrape target sending blank Content-Type";
        } else {
            problem = malformed(header);
            if (problem.isEmpty()) {
                switch (mediaType(header)) {
                    case "text/plain" -> {
                        return Format.TEXT;
                    }
                    case "application/openmetrics-text" -> {
                        return Format.OPENMETRICS;
                    }
                    case "application/vnd.google.protobuf" -> {
                        return Format.PROTOBUF;
                    }
                    default -> problem = "received unsupported Content-Type \"" + header + "\"";
                }
            } else {
                problem = "cannot parse Content-Type \"" + header + "\": " + problem;
            }
        }
        if (fallback.isEmpty()) {
            throw new ScrapeException(problem + " and no fallback_scrape_protocol specified for target");
        }
        return fallback.startsWith("OpenMetrics")
                ? Format.OPENMETRICS
                : fallback.startsWith("PrometheusProto") ? Format.PROTOBUF : Format.TEXT;
    }

    private static String mediaType(String header) {
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    /** Why it is no media type, or empty. */
    private static String malformed(String header) {
        String type = mediaType(header);
        int slash = type.indexOf('/');
        String main = slash < 0 ? type : type.substring(0, slash);
        if (!isToken(main)) {
            return "no media type";
        }
        if (slash >= 0) {
            String sub = type.substring(slash + 1);
            int end = 0;
            while (end < sub.length() && isTokenChar(sub.charAt(end))) {
                end++;
            }
            if (end == 0) {
                return "expected token after slash";
            }
            if (end < sub.length()) {
                return "unexpected content after media subtype";
            }
        }
        Set<String> names = new HashSet<>();
        String[] parts = header.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equal = parts[i].indexOf('=');
            String name =
                    (equal < 0 ? parts[i] : parts[i].substring(0, equal)).trim().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !names.add(name)) {
                return "duplicate parameter name";
            }
        }
        return "";
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(ContentType::isTokenChar);
    }

    private static boolean isTokenChar(int c) {
        return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }
}
