package org.narthex.exporter.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A made-up host: {@code /proc}, {@code /sys} and what else there is, unpacked into a folder. */
final class HostTree {
    private static final String MARK = "=== ";

    private HostTree() {}

    static void unpack(Path folder) throws IOException {
        Path file = null;
        StringBuilder text = new StringBuilder();
        for (String line : resource("host.tree").lines().toList()) {
            if (!line.startsWith(MARK)) {
                text.append(line).append('\n');
                continue;
            }
            write(file, text);
            file = null;
            String[] names = line.substring(MARK.length()).split(" -> ", -1);
            Path path = folder.resolve(names[0]);
            Files.createDirectories(path.getParent());
            if (names.length == 2) {
                Files.createSymbolicLink(path, Path.of(names[1]));
            } else if (names[0].endsWith("/")) {
                Files.createDirectories(path);
            } else {
                file = path;
            }
        }
        write(file, text);
    }

    private static void write(Path file, StringBuilder text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
        }
        text.setLength(0);
    }

    static String resource(String name) {
        try (InputStream in = HostTree.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An exporter of the host unpacked there. */
    static NodeExporter exporter(Path folder, String... settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("path.procfs", folder.resolve("proc").toString());
        properties.put("path.sysfs", folder.resolve("sys").toString());
        properties.put("path.rootfs", folder.toString());
        properties.put("path.udev.data", folder.resolve("udev").toString());
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        return new NodeExporter(properties);
    }
}
