package org.narthex.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration;

/** Configurations from text, for tests. */
final class Texts {
    private Texts() {}

    static ConfigNode node(String yaml) throws ConfigException {
        return YamlReader.read("test.yml", yaml).root();
    }

    /** A map; an empty text is an empty one. */
    static ConfigNode section(String yaml) throws ConfigException {
        return Section.of(node(yaml)).node();
    }

    static Path write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    static Configuration read(Path file) throws ConfigException {
        return read(file, false, Map.of());
    }

    static Configuration read(Path file, boolean agent, Map<String, String> environment) throws ConfigException {
        return new PrometheusReader(environment::get, agent).read(file.toString(), "", 1, 1_000);
    }
}
