package org.narthex.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds nodes from YAML events. Every scalar stays text, because Prometheus' files mean what the field they stand in says: {@code job_name: 1.0} is
 * the text. A null is empty text. Anchors, aliases and {@code <<} merges are resolved; only the first document counts.
 *
 * <p>It works on events rather than on the library's own node tree: nothing is resolved by regular expressions, and depth and size are bounded
 * while reading, so that neither deep nesting nor aliases of aliases can exhaust the process.
 */
final class YamlReader {
    private static final int MAX_DEPTH = 100;
    private static final long MAX_NODES = 2_000_000;
    private static final String MERGE = "<<";
    private static final String BINARY = "tag:yaml.org,2002:binary";

    private final String file;
    private final Iterator<Event> events;
    private final Map<String, ConfigNode> anchors = new HashMap<>();
    /** How many nodes an anchored node stands for, aliases counted each time. */
    private final IdentityHashMap<ConfigNode, Long> sizes = new IdentityHashMap<>();

    private long nodes;

    /**
     * What a file holds.
     *
     * @param root a scalar of empty text if the file is empty
     * @param more whether further documents follow, which are ignored
     */
    record Document(ConfigNode root, boolean more) {}

    private YamlReader(String file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /** @param file the name for messages */
    static Document read(String file, byte[] utf8) throws ConfigException {
        try {
            return read(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(utf8))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(file, 0, "the file is not valid UTF-8");
        }
    }

    static Document read(String file, String yaml) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
        try {
            return new YamlReader(file, new Parse(settings).parseString(text).iterator()).document();
        } catch (MarkedYamlEngineException e) {
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            throw new ConfigException(
                    file, line(e.getProblemMark()), "not valid YAML: " + oneLine(context + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new ConfigException(file, 0, "not valid YAML: " + oneLine(String.valueOf(e.getMessage())));
        }
    }

    private static String oneLine(String message) {
        return message.strip().replace('\n', ' ').replace("\r", "");
    }

    private Document document() throws ConfigException {
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent) {
                ConfigNode root = node(events.next(), "", 0);
                // The event that ends the document.
                events.next();
                return new Document(root, events.next() instanceof DocumentStartEvent);
            }
        }
        return new Document(ConfigNode.scalar(file, 0, "", ""), false);
    }

    private ConfigNode node(Event event, String path, int depth) throws ConfigException {
        int line = line(event.getStartMark());
        if (depth > MAX_DEPTH) {
            throw new ConfigException(file, line, "nested deeper than " + MAX_DEPTH + " levels");
        }
        if (event instanceof AliasEvent alias) {
            ConfigNode target = anchors.get(alias.getAlias().getValue());
            if (target == null) {
                throw new ConfigException(file, line, "unknown anchor " + alias.getAlias());
            }
            count(sizes.get(target), line);
            return target;
        }
        long before = nodes;
        count(1, line);
        ConfigNode node;
        if (event instanceof ScalarEvent scalar) {
            node = ConfigNode.scalar(file, line, path, text(scalar, line));
        } else if (event instanceof SequenceStartEvent) {
            node = sequence(line, path, depth);
        } else {
            node = mapping(line, path, depth);
        }
        // An anchor is known only when its node is complete, so that none can contain itself.
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> {
            anchors.put(anchor.getValue(), node);
            sizes.put(node, nodes - before);
        });
        return node;
    }

    private void count(long more, int line) throws ConfigException {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw new ConfigException(file, line, "more than " + MAX_NODES + " values, aliases counted each time");
        }
    }

    private ConfigNode sequence(int line, String path, int depth) throws ConfigException {
        List<ConfigNode> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, path + "[" + items.size() + "]", depth + 1));
        }
        return ConfigNode.sequence(file, line, path, items);
    }

    private ConfigNode mapping(int line, String path, int depth) throws ConfigException {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        List<ConfigNode> merged = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            int keyLine = line(event.getStartMark());
            ConfigNode keyNode = node(event, path, depth + 1);
            if (!keyNode.isScalar()) {
                throw new ConfigException(file, keyLine, "a key must be text");
            }
            String key = keyNode.text();
            ConfigNode value = node(events.next(), path.isEmpty() ? key : path + "." + key, depth + 1);
            if (key.equals(MERGE) && event instanceof ScalarEvent scalar && scalar.isPlain()) {
                merged.add(value);
            } else if (entries.put(key, value) != null) {
                throw new ConfigException(
                        file, keyLine, "key " + key + (path.isEmpty() ? "" : " in " + path) + " is given twice");
            }
        }
        for (ConfigNode source : merged) {
            merge(source, entries);
        }
        return ConfigNode.mapping(file, line, path, entries);
    }

    /** Adds the entries of a {@code <<} value, a map or a list of maps; what is there already wins. */
    private static void merge(ConfigNode source, Map<String, ConfigNode> into) throws ConfigException {
        for (ConfigNode map : source.isSequence() ? source.items() : List.of(source)) {
            map.entries().forEach(into::putIfAbsent);
        }
    }

    private String text(ScalarEvent scalar, int line) throws ConfigException {
        String value = scalar.getValue();
        if (scalar.getTag().filter(BINARY::equals).isPresent()) {
            return binary(value, line);
        }
        boolean isNull = scalar.isPlain()
                && switch (value) {
                    case "~", "null", "Null", "NULL" -> true;
                    default -> false;
                };
        return isNull ? "" : value;
    }

    private String binary(String base64, int line) throws ConfigException {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(base64);
            if (Base64.getMimeEncoder().encodeToString(bytes).length()
                    < base64.strip().length()) {
                // The MIME decoder skips over foreign characters.
                throw new IllegalArgumentException();
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file, line, "!!binary value contains invalid base64 data");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file, line, "the !!binary value \"" + base64 + "\" is not valid UTF-8 text");
        }
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(at -> at.getLine() + 1).orElse(0);
    }
}
