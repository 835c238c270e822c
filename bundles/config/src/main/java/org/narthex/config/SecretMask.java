package org.narthex.config;

import java.util.Map;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/**
 * Writes nodes as YAML with secrets masked. The text is written anew, without the comments of the file, since those may hold retired secrets.
 */
final class SecretMask {
    private static final String MASK = "<secret>";
    private static final Set<String> SECRET_KEYS = Set.of(
            "access_token",
            "alert_source_token",
            "api_key",
            "api_secret",
            "app_token",
            "application_credential_secret",
            "application_secret",
            "auth_password",
            "auth_secret",
            "auth_token",
            "bearer_token",
            "bot_token",
            "client_certificate_key",
            "client_secret",
            "consumer_key",
            "credentials",
            "key",
            "key_passphrase",
            "opsgenie_api_key",
            "password",
            "private_key",
            "rocketchat_token",
            "rocketchat_token_id",
            "routing_key",
            "secret",
            "secret_key",
            "secrets",
            "service_account_key",
            "service_key",
            "slack_api_url",
            "slack_app_token",
            "smtp_auth_password",
            "smtp_auth_secret",
            "telegram_bot_token",
            "token",
            "token_id",
            "user_key",
            "victorops_api_key",
            "webhook_url",
            "mattermost_webhook_url",
            "wechat_api_secret");
    /** Keys below which every text is secret. */
    private static final Set<String> SECRET_MAPS = Set.of("proxy_connect_header", "secrets");

    private final StringBuilder out = new StringBuilder();

    private SecretMask() {}

    static String yaml(ConfigNode root) throws ConfigException {
        SecretMask mask = new SecretMask();
        if (Section.isBlank(root)) {
            return "";
        }
        mask.block(root, "", false);
        return mask.out.toString();
    }

    private void block(ConfigNode node, String indent, boolean secret) throws ConfigException {
        boolean first = true;
        if (node.isSequence()) {
            for (ConfigNode item : node.items()) {
                out.append(first && startsInline() ? "" : indent).append("- ");
                first = false;
                value(item, indent + "  ", secret, true);
            }
            return;
        }
        for (Map.Entry<String, ConfigNode> entry : node.entries().entrySet()) {
            String key = entry.getKey();
            out.append(first && startsInline() ? "" : indent);
            first = false;
            scalar(key);
            out.append(':');
            if (key.equals("url")
                    && isWebhook(entry.getValue())
                    && entry.getValue().isScalar()) {
                out.append(' ');
                scalar(withoutPath(entry.getValue().text()));
                out.append('\n');
                continue;
            }
            boolean hide = secret || isSecret(key, entry.getValue()) || SECRET_MAPS.contains(key);
            value(entry.getValue(), entry.getValue().isSequence() ? indent : indent + "  ", hide, false);
        }
    }

    /** Whether a list item's dash was written just now: its first key goes onto the same line. */
    private boolean startsInline() {
        return out.length() >= 2 && out.charAt(out.length() - 1) == ' ' && out.charAt(out.length() - 2) == '-';
    }

    private void value(ConfigNode node, String indent, boolean secret, boolean inItem) throws ConfigException {
        if (node.isScalar()) {
            String text = node.text();
            out.append(inItem ? "" : " ");
            scalar(secret && !text.isEmpty() ? MASK : withoutPassword(text));
            out.append('\n');
        } else if (node.isSequence() ? node.items().isEmpty() : node.entries().isEmpty()) {
            out.append(inItem ? "" : " ")
                    .append(node.isSequence() ? "[]" : "{}")
                    .append('\n');
        } else {
            if (!inItem) {
                out.append('\n');
            }
            block(node, indent, secret);
        }
    }

    /** {@code key} is a secret in tls_config only as inline text; {@code url} and {@code api_url} are where they hold a token. */
    private static boolean isSecret(String key, ConfigNode value) {
        if (SECRET_KEYS.contains(key)) {
            return true;
        }
        String path = value.path();
        return switch (key) {
            case "url" -> path.contains("incidentio_configs[");
            case "api_url" -> path.contains("slack_configs[") || path.contains("discord_configs[");
            default -> false;
        };
    }

    private static boolean isWebhook(ConfigNode value) {
        return value.path().contains("webhook_configs[");
    }

    /** A webhook's token is in its path; what is left is a URL still, without which older versions of amtool refuse the file. */
    private static String withoutPath(String url) {
        int host = url.indexOf("://");
        int path = host < 0 ? -1 : url.indexOf('/', host + 3);
        int name = url.lastIndexOf('@', path < 0 ? url.length() : path);
        if (host < 0 || url.contains("{{")) {
            return MASK;
        }
        String address = url.substring(name < 0 ? host + 3 : name + 1, path < 0 ? url.length() : path);
        return url.substring(0, host + 3) + address.replaceFirst("[?#].*", "") + "/" + MASK;
    }

    /** Masks the password of a URL. */
    static String withoutPassword(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return text;
        }
        int end = scheme + 3;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        int at = text.lastIndexOf('@', end - 1);
        int colon = text.indexOf(':', scheme + 3);
        if (at < scheme + 3 || colon < 0 || colon > at) {
            return text;
        }
        return text.substring(0, colon + 1) + MASK + text.substring(at);
    }

    private void scalar(String text) {
        if (isPlain(text)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Whether the text may stand without quotes and is read back as the same text. */
    private static boolean isPlain(String text) {
        if (text.equals(MASK)) {
            return true;
        }
        if (text.isEmpty() || "-?:,[]{}#&*!|>'\"%@`~= ".indexOf(text.charAt(0)) >= 0 || text.equalsIgnoreCase("null")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean last = i == text.length() - 1;
            if (c < 0x20
                    || (c >= 0x7f && c < 0xa0)
                    || c == 0x2028
                    || c == 0x2029
                    || c == 0xfeff
                    || (c == ':' && (last || text.charAt(i + 1) == ' '))
                    || (c == '#' && text.charAt(i - 1) == ' ')
                    || (c == ' ' && last)) {
                return false;
            }
        }
        return !text.equals("---") && !text.equals("...");
    }
}
