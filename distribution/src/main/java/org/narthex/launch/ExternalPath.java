package org.narthex.launch;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The paths that follow from {@code --web.route-prefix} and {@code --web.external-url}; a proxy may turn one into the other. Each starts and ends with
 * a slash.
 */
final class ExternalPath {
    private ExternalPath() {}

    /** Under which everything is served here: the route prefix, else as people outside see it. */
    static String served(String routePrefix, String externalUrl) throws StartException {
        return slashed(routePrefix.isEmpty() ? pathOf(externalUrl) : routePrefix);
    }

    /** Under which people outside see it: of the external URL, else as it is served here. */
    static String seen(String routePrefix, String externalUrl) throws StartException {
        return slashed(externalUrl.isEmpty() ? routePrefix : pathOf(externalUrl));
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
