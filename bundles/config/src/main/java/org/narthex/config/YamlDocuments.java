package org.narthex.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.DocumentReader;
import org.osgi.service.component.annotations.Component;

/** Lets other bundles read YAML, since none of them has a reader. */
@Component
public final class YamlDocuments implements DocumentReader {
    @Override
    public ConfigNode read(Path file) throws IOException, ConfigException {
        return YamlReader.read(file.toString(), Files.readAllBytes(file)).root();
    }
}
