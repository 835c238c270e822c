package org.narthex.probe;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Writes a module as YAML, secrets masked, for the answer that tells what a probe did. */
final class ModuleText {
    private static final Set<String> SECRET = Set.of(
            "password",
            "bearer_token",
            "credentials",
            "client_secret",
            "client_certificate_key",
            "key",
            "secrets",
            "authorization",
            "cookie");
    /** Whatever stands under them. */
    private static final Set<String> SECRET_MAPS = Set.of("proxy_connect_header");
    /** In the URL of a proxy. */
    private static final Pattern USER = Pattern.compile("(\\w://)[^/@\\s]*@");

    private static final String INDENT = "  ";

    private ModuleText() {}

    static String of(ConfigNode module) throws ConfigException {
        StringBuilder out = new StringBuilder();
        entries(module, "", out);
        return out.toString();
    }

    private static void entries(ConfigNode map, String indent, StringBuilder out) throws ConfigException {
        for (Map.Entry<String, ConfigNode> entry : map.entries().entrySet()) {
            ConfigNode value = entry.getValue();
            out.append(indent).append(entry.getKey()).append(':');
            String key = entry.getKey().toLowerCase(Locale.ROOT);
            if (SECRET_MAPS.contains(key) || (SECRET.contains(key) && !value.isMapping())) {
                out.append(" <secret>\n");
            } else {
                value(value, indent, out);
            }
        }
    }

    private static void value(ConfigNode value, String indent, StringBuilder out) throws ConfigException {
        if (value.isScalar()) {
            out.append(' ')
                    .append(USER.matcher(value.content()).replaceFirst("$1<secret>@"))
                    .append('\n');
        } else if (value.isMapping()) {
            out.append('\n');
            entries(value, indent + INDENT, out);
        } else {
            out.append('\n');
            for (ConfigNode item : value.items()) {
                out.append(indent).append('-');
                value(item, indent + INDENT, out);
            }
        }
    }
}
