package org.narthex.launch;

import java.net.URI;
import java.net.URISyntaxException;

/** The path under which everything is served: of {@code --web.route-prefix}, else of {@code --web.external-url}. */
final class ExternalPath {
    private ExternalPath() {}

    /** Starts and ends with a slash. */
    static String of(String routePrefix, String externalUrl) throws StartException {
        return slashed(routePrefix.isEmpty() ? pathOf(externalUrl) : routePrefix);
    }

    private static String pathOf(String externalUrl) throws StartException {
        if (externalUrl.isEmpty()) {
            return "/";
        }
        try {
            URI url = new URI(externalUrl);
            if (url.isOpaque()) {
                throw invalid(externalUrl, "expected something like http://host/path");
            }
            return url.getPath() == null ? "/" : url.getPath();
        } catch (URISyntaxException e) {
            throw invalid(externalUrl, e.getReason());
        }
    }

    private static StartException invalid(String url, String reason) {
        return new StartException(CommandLine.BAD_VALUE, "--web.external-url: \"" + url + "\": " + reason);
    }

    private static String slashed(String path) {
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        return from == to ? "/" : "/" + path.substring(from, to) + "/";
    }
}
