package org.narthex.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigFileReader;

/** The modules in force: those of the user's file, or the built-in ones, which are read when somebody asks for the first time. Thread-safe. */
final class Modules {
    private static final String BUILT_IN = "modules.yml";

    private final ConfigFileReader yaml;
    private final ModuleFile modules;
    private final String file;
    private volatile Map<String, Module> current;

    /** @param file empty for the built-in ones */
    Modules(ConfigFileReader yaml, ModuleFile modules, String file) {
        this.yaml = yaml;
        this.modules = modules;
        this.file = file;
    }

    /** Reads the file, without any effect on what is in force. */
    Map<String, Module> read() throws ConfigException {
        return modules.read(file.isEmpty() ? yaml.parse(BUILT_IN, builtIn()) : yaml.read(Path.of(file)));
    }

    private static String builtIn() {
        try (InputStream in = Modules.class.getResourceAsStream(BUILT_IN)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the bundle is damaged: " + BUILT_IN, e);
        }
    }

    /** Whether a reload may change anything. */
    boolean areUsers() {
        return !file.isEmpty();
    }

    void use(Map<String, Module> newOnes) {
        current = newOnes;
    }

    Optional<Module> named(String name) {
        Map<String, Module> now = current;
        if (now == null) {
            try {
                now = read();
            } catch (ConfigException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            current = now;
        }
        return Optional.ofNullable(now.get(name));
    }
}
