package org.narthex.api.discovery;

import java.util.Map;

import org.narthex.api.model.Labels;

/** Gathers the labels of a target, whose names begin alike. An empty value is as good as none. */
public final class MetaLabels {
    private static final String ADDRESS = "__address__";

    private final String prefix;
    private final Labels.Builder labels;

    private MetaLabels(String prefix, Labels.Builder labels) {
        this.prefix = prefix;
        this.labels = labels;
    }

    /** @param prefix what the names begin with, e.g. {@code __meta_docker_} */
    public static MetaLabels of(String prefix) {
        return new MetaLabels(prefix, Labels.builder());
    }

    /** Others with the same labels so far. */
    public MetaLabels copy() {
        return new MetaLabels(prefix, labels.build().toBuilder());
    }

    public MetaLabels set(String name, String value) {
        labels.set(prefix + name, value);
        return this;
    }

    public MetaLabels set(String name, Json value) {
        return set(name, value.text());
    }

    /** One label for each entry of a map, its name {@code name + key} made a label's name. */
    public MetaLabels setAll(String name, Map<String, String> values) {
        values.forEach((key, value) -> set(name + sanitized(key), value));
        return this;
    }

    /** The same, and for each entry one that tells that it is present, even if its value is empty. */
    public MetaLabels setAll(String name, String presentName, Map<String, String> values) {
        setAll(name, values);
        values.forEach((key, value) -> set(presentName + sanitized(key), "true"));
        return this;
    }

    /** Takes labels of whatever name over. */
    public MetaLabels addAll(Labels others) {
        for (int i = 0; i < others.size(); i++) {
            labels.set(others.name(i), others.value(i));
        }
        return this;
    }

    /** What is scraped, e.g. {@code host:port}. */
    public MetaLabels address(String address) {
        labels.set(ADDRESS, address);
        return this;
    }

    public MetaLabels address(String host, long port) {
        return address(hostAndPort(host, Long.toString(port)));
    }

    public Labels build() {
        return labels.build();
    }

    /** A host and a port; an IPv6 address is put into brackets. */
    public static String hostAndPort(String host, String port) {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** The text with each character that a classic label name may not have made an underscore. */
    public static String sanitized(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean good = c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            out.append(good ? (char) c : '_');
        });
        return out.toString();
    }
}
