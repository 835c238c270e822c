package org.narthex.config;

import java.math.BigDecimal;
import java.math.BigInteger;
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
import org.narthex.api.model.Labels;
import org.narthex.api.model.PromDuration;

/**
 * A map of a configuration file, read as Prometheus reads it: a null (empty text here) is the same as an absent section, list or number, and YAML 1.1's
 * {@code yes} and {@code on} are true.
 */
final class Section {
    private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB", "EB"};
    private static final String[] BINARY_UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    /** Sign, base, digits; a 0 alone before other digits is of base 8. */
    private static final Pattern BASED = Pattern.compile("([+-]?)0(?:([xXbBoO])([0-9a-fA-F]+)|([0-7]+))");

    private final ConfigNode node;

    private Section(ConfigNode node) {
        this.node = node;
    }

    static Section of(ConfigNode node) throws ConfigException {
        if (isBlank(node)) {
            return new Section(ConfigNode.mapping(node.file(), node.line(), node.path(), Map.of()));
        }
        node.entries();
        return new Section(node);
    }

    static boolean isBlank(ConfigNode node) throws ConfigException {
        return node.isScalar() && node.text().isEmpty();
    }

    ConfigNode node() {
        return node;
    }

    void only(String... keys) throws ConfigException {
        node.onlyKeys(keys);
    }

    /** Whether the key is there and not null. */
    boolean has(String key) throws ConfigException {
        Optional<ConfigNode> value = node.get(key);
        return value.isPresent() && !isBlank(value.get());
    }

    /** How many of the keys are there and not null. */
    int count(String... keys) throws ConfigException {
        int n = 0;
        for (String key : keys) {
            n += has(key) ? 1 : 0;
        }
        return n;
    }

    /** An exception that names the place of the key's value. */
    ConfigException error(String key, String reason) throws ConfigException {
        return node.get(key).orElse(node).error(reason);
    }

    ConfigException error(String reason) {
        return node.error(reason);
    }

    String text(String key, String otherwise) throws ConfigException {
        return node.string(key, otherwise);
    }

    boolean bool(String key, boolean otherwise) throws ConfigException {
        return node.bool(key, otherwise);
    }

    long integer(String key, long otherwise) throws ConfigException {
        String text = node.string(key, null);
        if (text == null) {
            return otherwise;
        }
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return whole(text.replace("_", ""));
        } catch (ArithmeticException | NumberFormatException e) {
            throw error(key, "expected a whole number, found \"" + text + "\"");
        }
    }

    /** In the bases of YAML 1.1 and Go. */
    private static long whole(String text) {
        Matcher based = BASED.matcher(text);
        if (!based.matches()) {
            return new BigDecimal(text).longValueExact();
        }
        if (based.group(2) == null) {
            return new BigInteger(based.group(1) + based.group(4), 8).longValueExact();
        }
        int base =
                switch (based.group(2).toLowerCase(Locale.ROOT)) {
                    case "x" -> 16;
                    case "b" -> 2;
                    default -> 8;
                };
        return new BigInteger(based.group(1) + based.group(3), base).longValueExact();
    }

    /** A whole number of at least 0. */
    long count(String key, long otherwise) throws ConfigException {
        long value = integer(key, otherwise);
        if (value < 0) {
            throw error(key, "must not be negative, found " + value);
        }
        return value;
    }

    double number(String key, double otherwise) throws ConfigException {
        String text = node.string(key, null);
        if (text == null) {
            return otherwise;
        }
        try {
            return text.isEmpty() ? 0 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw error(key, "expected a number, found \"" + text + "\"");
        }
    }

    /** Milliseconds. */
    long duration(String key, long otherwise) throws ConfigException {
        String text = node.string(key, null);
        if (text == null) {
            return otherwise;
        }
        try {
            return text.isEmpty() ? 0 : PromDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw error(key, e.getMessage());
        }
    }

    /** A size with a unit, {@code 15MB}; the units are powers of 1024. */
    long bytes(String key, long otherwise) throws ConfigException {
        String text = node.string(key, null);
        if (text == null) {
            return otherwise;
        }
        if (text.isEmpty() || text.equals("0")) {
            return 0;
        }
        int end = 0;
        while (end < text.length() && ("0123456789.".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        String unit = text.substring(end);
        try {
            return new BigDecimal(text.substring(0, end))
                    .multiply(BigDecimal.valueOf(factor(unit)))
                    .toBigInteger()
                    .longValueExact();
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw error(key, "units: unknown unit " + unit + " in " + text + "; write a size like 512KB or 15MB");
        }
    }

    private static long factor(String unit) {
        if (unit.equals("B")) {
            return 1;
        }
        for (int i = 0; i < UNITS.length; i++) {
            if (unit.equals(UNITS[i]) || unit.equals(BINARY_UNITS[i])) {
                return 1L << (10 * (i + 1));
            }
        }
        throw new IllegalArgumentException(unit);
    }

    /** The items of a list, none of them null; a null list is empty. */
    List<ConfigNode> list(String key, String emptyItem) throws ConfigException {
        if (!has(key)) {
            return List.of();
        }
        List<ConfigNode> items = node.require(key).items();
        for (ConfigNode item : items) {
            if (isBlank(item)) {
                throw item.error(emptyItem);
            }
        }
        return items;
    }

    /** The items of a list of texts; a null list is empty. */
    List<String> texts(String key) throws ConfigException {
        List<String> texts = new ArrayList<>();
        if (has(key)) {
            for (ConfigNode item : node.require(key).items()) {
                texts.add(item.text());
            }
        }
        return texts;
    }

    Map<String, String> textMap(String key) throws ConfigException {
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode> entry : section(key).node.entries().entrySet()) {
            map.put(entry.getKey(), entry.getValue().text());
        }
        return map;
    }

    /** A map of labels; their names may be any text that is not empty, and not that of the metric name. */
    Labels labels(String key) throws ConfigException {
        Labels.Builder labels = Labels.builder();
        for (Map.Entry<String, ConfigNode> entry : section(key).node.entries().entrySet()) {
            if (entry.getKey().isEmpty()) {
                throw entry.getValue().error("\"\" is not a valid label name");
            }
            labels.set(entry.getKey(), entry.getValue().text());
        }
        return labels.build();
    }

    /** A nested map; empty if absent or null. */
    Section section(String key) throws ConfigException {
        Optional<ConfigNode> value = node.get(key);
        return of(
                value.isPresent() ? value.get() : ConfigNode.mapping(node.file(), node.line(), node.path(), Map.of()));
    }
}
