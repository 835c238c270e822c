package org.narthex.discovery.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Reads a file that lists targets: {@code [{targets: [host:port, …], labels: {name: value, …}}, …]}, in JSON or YAML. */
final class TargetList {
    private static final String FILE_PATH = "__meta_filepath";

    private TargetList() {}

    /**
     * @param shownPath how the user named the file
     * @throws IOException if it cannot be read or is not such a list; the message says why
     */
    static List<TargetGroup> read(Path file, String shownPath) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not valid UTF-8", e);
        }
        if (shownPath.toLowerCase(Locale.ROOT).endsWith(".json")) {
            // JSON may be indented by tabs, which YAML does not like; inside texts it has none.
            text = text.replace('\t', ' ');
        }
        Object document;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setSchema(new FailsafeSchema())
                    .setLabel(shownPath)
                    // By default a file may have 3 MiB, which is some 40,000 targets.
                    .setCodePointLimit(Integer.MAX_VALUE)
                    .build();
            document = new Load(settings).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IOException(e.getMessage().replaceAll("\\s+", " "), e);
        } catch (StackOverflowError e) {
            throw new IOException("nested too deep", e);
        } catch (RuntimeException e) {
            // Such as for tags, which nothing here has a meaning for.
            throw new IOException("YAML that is not understood", e);
        }
        List<TargetGroup> groups = new ArrayList<>();
        if (document == null) {
            return groups;
        }
        if (!(document instanceof List<?> items)) {
            throw new IOException("expected a list of target groups");
        }
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof Map<?, ?> group)) {
                throw new IOException("nil target group item found (index " + i + ")");
            }
            groups.add(group(group, i, shownPath));
        }
        return groups;
    }

    private static TargetGroup group(Map<?, ?> group, int index, String shownPath) throws IOException {
        List<Labels> targets = new ArrayList<>();
        Labels.Builder labels = Labels.builder();
        for (Map.Entry<?, ?> entry : group.entrySet()) {
            if ("targets".equals(entry.getKey())) {
                readTargets(entry.getValue(), index, targets);
            } else if ("labels".equals(entry.getKey())) {
                readLabels(entry.getValue(), index, labels);
            } else {
                throw new IOException("group " + index + ": unknown key " + entry.getKey());
            }
        }
        labels.set(FILE_PATH, shownPath);
        return new TargetGroup(shownPath + ":" + index, targets, labels.build());
    }

    private static void readTargets(Object value, int index, List<Labels> into) throws IOException {
        if (isNull(value)) {
            return;
        }
        if (!(value instanceof List<?> addresses)) {
            throw new IOException("group " + index + ": targets is no list");
        }
        for (Object address : addresses) {
            if (!(address instanceof String text)) {
                throw new IOException("group " + index + ": a target is no text");
            }
            into.add(Labels.of("__address__", text));
        }
    }

    private static void readLabels(Object value, int index, Labels.Builder into) throws IOException {
        if (isNull(value)) {
            return;
        }
        if (!(value instanceof Map<?, ?> pairs)) {
            throw new IOException("group " + index + ": labels is no map");
        }
        for (Map.Entry<?, ?> pair : pairs.entrySet()) {
            String name = String.valueOf(pair.getKey());
            if (!(pair.getValue() instanceof String text)) {
                throw new IOException("group " + index + ": label " + name + " is no text");
            }
            if (name.isEmpty()) {
                throw new IOException("group " + index + ": a label has no name");
            }
            into.set(name, text);
        }
    }

    /** In this reading all scalars are texts, so nothing and null are too. */
    private static boolean isNull(Object value) {
        return value == null || value.equals("") || value.equals("null") || value.equals("~");
    }
}
