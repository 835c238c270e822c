package org.narthex.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/**
 * The section {@code http} of a module.
 *
 * @param validStatusCodes empty for 200 to 299
 * @param validVersions such as {@code HTTP/1.1}; empty for any
 * @param compression what the answer must be packed in; empty to leave it as it is
 * @param bodySizeLimit the most bytes to read of an answer, unpacked
 * @param skipResolveWithProxy whether hosts that a proxy leads to are looked up by the proxy alone
 */
record HttpSettings(
        List<Integer> validStatusCodes,
        List<String> validVersions,
        IpProtocol protocol,
        boolean followRedirects,
        boolean failIfSsl,
        boolean failIfNotSsl,
        String method,
        Map<String, String> headers,
        String compression,
        long bodySizeLimit,
        List<String> failIfBodyMatches,
        List<String> failIfBodyNotMatches,
        List<HeaderMatch> failIfHeaderMatches,
        List<HeaderMatch> failIfHeaderNotMatches,
        String body,
        Optional<Path> bodyFile,
        HttpClientConfig client,
        boolean skipResolveWithProxy) {
    private static final String[] OWN = {
        "valid_status_codes",
        "valid_http_versions",
        IpProtocol.PREFERRED,
        IpProtocol.FALLBACK,
        "skip_resolve_phase_with_proxy",
        "no_follow_redirects",
        "enable_http3",
        "fail_if_ssl",
        "fail_if_not_ssl",
        "method",
        "headers",
        "compression",
        "body_size_limit",
        "fail_if_body_matches_regexp",
        "fail_if_body_not_matches_regexp",
        "fail_if_body_json_matches_cel",
        "fail_if_body_json_not_matches_cel",
        "fail_if_header_matches",
        "fail_if_header_not_matches",
        "body",
        "body_file"
    };
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)([KMGTPE]i?)?B");

    /** A header to look at. */
    record HeaderMatch(String header, String regexp, boolean allowMissing) {
        static HeaderMatch read(ConfigNode node) throws ConfigException {
            node.onlyKeys("header", "regexp", "allow_missing");
            String header = node.string("header", "");
            if (header.isEmpty()) {
                throw node.error("header name must be set for HTTP header matchers");
            }
            if (node.string("regexp", "").isEmpty()) {
                throw node.error("regexp must be set for HTTP header matchers");
            }
            return new HeaderMatch(header, Patterns.checked(node.require("regexp")), node.bool("allow_missing", false));
        }
    }

    static HttpSettings read(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(section, OWN);
        refuse(section, "fail_if_body_json_matches_cel", "CEL expressions are not supported");
        refuse(section, "fail_if_body_json_not_matches_cel", "CEL expressions are not supported");
        if (section.bool("enable_http3", false)) {
            throw section.require("enable_http3").error("HTTP/3 is not supported");
        }
        if (section.given("body").isPresent() && section.given("body_file").isPresent()) {
            throw section.error("setting body and body_file both are not allowed");
        }
        HttpClientConfig client = HttpClientKeys.read(section);
        Map<String, String> headers = section.stringMap("headers");
        return new HttpSettings(
                codes(section),
                section.strings("valid_http_versions"),
                IpProtocol.read(section),
                followRedirects(section, client),
                section.bool("fail_if_ssl", false),
                section.bool("fail_if_not_ssl", false),
                method(section),
                new LinkedHashMap<>(headers),
                compression(section, headers),
                sizeLimit(section),
                Patterns.checked(section.list("fail_if_body_matches_regexp")),
                Patterns.checked(section.list("fail_if_body_not_matches_regexp")),
                matches(section.list("fail_if_header_matches")),
                matches(section.list("fail_if_header_not_matches")),
                section.string("body", ""),
                bodyFile(section),
                client,
                section.bool("skip_resolve_phase_with_proxy", false));
    }

    private static void refuse(ConfigNode section, String key, String why) throws ConfigException {
        Optional<ConfigNode> given = section.given(key);
        if (given.isPresent() && !(given.get().isScalar() && given.get().text().equals("false"))) {
            throw given.get().error(why);
        }
    }

    /** The older key counts where both are given. */
    private static boolean followRedirects(ConfigNode section, HttpClientConfig client) throws ConfigException {
        return section.given("no_follow_redirects").isPresent()
                ? !section.bool("no_follow_redirects", false)
                : client.followRedirects();
    }

    private static String method(ConfigNode section) throws ConfigException {
        String method = section.string("method", "");
        return method.isEmpty() ? "GET" : method;
    }

    private static List<Integer> codes(ConfigNode section) throws ConfigException {
        List<Integer> codes = new ArrayList<>();
        for (ConfigNode code : section.list("valid_status_codes")) {
            if (!code.text().matches("\\d{3}")) {
                throw code.error("expected a status code, found \"" + code.text() + "\"");
            }
            codes.add(Integer.parseInt(code.text()));
        }
        return codes;
    }

    private static String compression(ConfigNode section, Map<String, String> headers) throws ConfigException {
        String compression = section.string("compression", "").toLowerCase(Locale.ROOT);
        switch (compression) {
            case "", "br", "gzip", "deflate", "identity" -> {}
            default ->
                throw section.require("compression")
                        .error("expected br, gzip, deflate or identity, found \"" + compression + "\"");
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!compression.isEmpty()
                    && header.getKey().equalsIgnoreCase("Accept-Encoding")
                    && !header.getValue().isEmpty()
                    && !AcceptEncoding.allows(header.getValue(), compression)) {
                throw section.require("compression")
                        .error("invalid configuration \"" + header.getKey() + ": " + header.getValue()
                                + "\", \"compression: " + compression + "\"");
            }
        }
        return compression;
    }

    private static long sizeLimit(ConfigNode section) throws ConfigException {
        String text = section.string("body_size_limit", "");
        if (text.isEmpty() || text.equals("0")) {
            return HttpBody.DEFAULT_LIMIT;
        }
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw section.require("body_size_limit").error("expected a size such as 10MB, found \"" + text + "\"");
        }
        int power = size.group(2) == null ? 0 : "KMGTPE".indexOf(size.group(2).charAt(0)) + 1;
        return (long) Math.min(Long.MAX_VALUE, Double.parseDouble(size.group(1)) * Math.pow(1024, power));
    }

    private static List<HeaderMatch> matches(List<ConfigNode> nodes) throws ConfigException {
        List<HeaderMatch> matches = new ArrayList<>();
        for (ConfigNode node : nodes) {
            matches.add(HeaderMatch.read(node));
        }
        return matches;
    }

    private static Optional<Path> bodyFile(ConfigNode section) throws ConfigException {
        Optional<ConfigNode> file = section.given("body_file");
        return file.isPresent() ? Optional.of(HttpClientKeys.path(file.get())) : Optional.empty();
    }

    /** The header {@code Host}, where the module has one. */
    Optional<String> host() {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Host"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The body to send. */
    HttpText content() throws IOException {
        return new HttpText(
                bodyFile.isPresent() ? Files.readAllBytes(bodyFile.get()) : body.getBytes(StandardCharsets.UTF_8));
    }

    boolean accepts(int status) {
        return validStatusCodes.isEmpty() ? status >= 200 && status < 300 : validStatusCodes.contains(status);
    }
}
