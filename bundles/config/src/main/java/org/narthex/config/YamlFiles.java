package org.narthex.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigFileReader;
import org.narthex.api.config.ConfigNode;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Lends the reader of YAML to parts with a file of their own. */
@Component
public final class YamlFiles implements ConfigFileReader {
    @Activate
    public YamlFiles() {}

    @Override
    public ConfigNode read(Path file) throws ConfigException {
        try {
            return YamlReader.read(file.toString(), Files.readAllBytes(file)).root();
        } catch (NoSuchFileException e) {
            throw new ConfigException(file.toString(), 0, "there is no such file");
        } catch (IOException e) {
            throw new ConfigException(file.toString(), 0, "cannot be read: " + e);
        }
    }

    @Override
    public ConfigNode parse(String name, String yaml) throws ConfigException {
        return YamlReader.read(name, yaml).root();
    }
}
