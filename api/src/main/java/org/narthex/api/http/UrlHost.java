package org.narthex.api.http;

import java.lang.reflect.Field;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that {@link URI} does not see. It knows those of RFC 2396 only, so that to it {@code http://node_exporter:9100} has none, and the JDK's HTTP
 * client refuses such a URL. Networks are full of them all the same: every service of Docker Compose may be called so.
 *
 * <p>There is no other way to such a URI than to set what the class did not: this needs {@code --add-opens java.base/java.net=ALL-UNNAMED}.
 * Without it, URLs stay as they are, and whoever needs their host says that it is missing.
 */
public final class UrlHost {
    private static final Pattern AUTHORITY = Pattern.compile("(?:[^@]*@)?([A-Za-z0-9._~-]+)(?::([0-9]{0,5}))?");
    private static final Field HOST = field("host");
    private static final Field PORT = field("port");

    private UrlHost() {}

    private static Field field(String name) {
        try {
            Field field = URI.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** As {@link URI#URI(String)}, with any host a network may have. */
    public static URI parse(String text) throws URISyntaxException {
        return seen(new URI(text));
    }

    /** As {@link URI#create}, with any host a network may have. */
    public static URI create(String text) {
        return seen(URI.create(text));
    }

    /** The same URI, whose host is seen from now on if it has one. */
    public static URI seen(URI uri) {
        String authority = uri.getRawAuthority();
        if (uri.getHost() != null || authority == null || HOST == null || PORT == null) {
            return uri;
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (parts.matches()) {
            String port = parts.group(2);
            try {
                PORT.setInt(uri, port == null || port.isEmpty() ? -1 : Integer.parseInt(port));
                HOST.set(uri, parts.group(1));
            } catch (IllegalAccessException e) {
                throw new AssertionError("made accessible before", e);
            }
        }
        return uri;
    }
}
