package org.narthex.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.UrlHost;
import org.narthex.api.http.UrlText;

/**
 * What the sections of one kind may hold: keys with the kind of their values, and rules beyond. Those of discoveries are known here rather than by
 * the plug-ins alone, so that a mistake is found even while the plug-in is not installed.
 */
final class SectionSchema {
    /** What a value looks like. */
    enum Kind {
        TEXT,
        BOOL,
        INTEGER,
        DURATION,
        TEXTS,
        TEXT_MAP,
        TLS,
        /** A list of maps with {@code name} and {@code values}. */
        FILTERS,
        LABELS,
        /** Left to the rules. */
        OTHER
    }

    /** Looks for what the kinds cannot say. */
    @FunctionalInterface
    interface Rule {
        void check(Section section) throws ConfigException;
    }

    private final Map<String, Kind> keys = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private boolean http;

    private SectionSchema() {}

    /** With keys that hold texts. */
    static SectionSchema texts(String... names) {
        return new SectionSchema().with(Kind.TEXT, names);
    }

    SectionSchema with(Kind kind, String... names) {
        for (String name : names) {
            keys.put(name, kind);
        }
        return this;
    }

    /** And those of the HTTP client. */
    SectionSchema http() {
        http = true;
        return this;
    }

    /** And {@code refresh_interval} and {@code port}. */
    SectionSchema refreshedWithPort() {
        return with(Kind.DURATION, "refresh_interval").with(Kind.INTEGER, "port");
    }

    SectionSchema refreshed() {
        return with(Kind.DURATION, "refresh_interval");
    }

    SectionSchema rule(Rule rule) {
        rules.add(rule);
        return this;
    }

    /** A key that must have a text. */
    SectionSchema required(String key, String message) {
        return rule(section -> {
            if (section.text(key, "").isBlank()) {
                throw section.error(key, message);
            }
        });
    }

    /** A key whose text must be a URL of whatever scheme. */
    SectionSchema url(String key, String messageIfMissing) {
        return rule(section -> {
            String text = section.text(key, "");
            if (!section.has(key)) {
                throw section.error(messageIfMissing);
            }
            if (!UrlText.isValid(text)) {
                throw section.error(key, "not a valid URL: \"" + SecretMask.withoutPassword(text) + '"');
            }
        });
    }

    /** A list that must have an item. */
    SectionSchema requiredList(String key, String message) {
        return rule(section -> {
            if (section.texts(key).isEmpty()) {
                throw section.error(key, message);
            }
        });
    }

    /** A key whose text, if given, is one of some. */
    SectionSchema oneOf(String key, String message, String... values) {
        return rule(section -> {
            String value = section.text(key, "");
            if (section.has(key) && !List.of(values).contains(value)) {
                throw section.error(key, String.format(message, value));
            }
        });
    }

    void check(Section section, HttpClientReader clients) throws ConfigException {
        List<String> known = new ArrayList<>(keys.keySet());
        if (http) {
            known.addAll(HttpClientKeys.NAMES);
        }
        section.only(known.toArray(String[]::new));
        for (Map.Entry<String, Kind> key : keys.entrySet()) {
            if (section.has(key.getKey())) {
                check(section, key.getKey(), key.getValue());
            }
        }
        for (Rule rule : rules) {
            rule.check(section);
        }
        if (http) {
            clients.read(section);
        }
    }

    private static void check(Section section, String key, Kind kind) throws ConfigException {
        switch (kind) {
            case TEXT -> section.text(key, "");
            case BOOL -> section.bool(key, false);
            case INTEGER -> section.integer(key, 0);
            case DURATION -> section.duration(key, 0);
            case TEXTS -> section.texts(key);
            case TEXT_MAP -> section.textMap(key);
            case LABELS -> section.labels(key);
            case TLS -> HttpClientKeys.tls(section.section(key).node());
            case FILTERS -> {
                for (ConfigNode item : section.list(key, "empty or null filter")) {
                    Section filter = Section.of(item);
                    filter.only("name", "values");
                    filter.text("name", "");
                    filter.texts("values");
                }
            }
            case OTHER -> {}
        }
    }

    /** The text as a URL; empty if it is none. */
    static Optional<URI> url(String text) {
        try {
            return UrlText.isValid(text) ? Optional.of(UrlHost.parse(text)) : Optional.empty();
        } catch (URISyntaxException e) {
            // Without a host, as Go has it.
            return text.matches("https?://") ? Optional.of(URI.create(text + "/")) : Optional.empty();
        }
    }

    /** A URL of HTTP that names a host. */
    SectionSchema httpUrl(String key) {
        return rule(section -> {
            String text = section.text(key, "");
            if (text.isEmpty()) {
                throw section.error(key, "URL is missing");
            }
            URI url = url(text).orElseThrow(() -> section.error("cannot parse URL \"" + text + "\""));
            if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                throw section.error(key, "URL scheme must be 'http' or 'https'");
            }
            if (url.getHost() == null) {
                throw section.error(key, "host is missing in URL");
            }
        });
    }
}
