package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;

class YamlDocumentsTest {
    private final YamlDocuments documents = new YamlDocuments();

    @TempDir
    private Path folder;

    @Test
    void readsAFileOfAnotherPart() throws Exception {
        Path file = Files.writeString(folder.resolve("rules.yml"), "rules:\n- pattern: a\n");
        assertThat(documents.read(file).list("rules").get(0).string("pattern", ""))
                .isEqualTo("a");
    }

    @Test
    void saysWhichFileIsWrongAndWhere() throws Exception {
        Path file = Files.writeString(folder.resolve("rules.yml"), "rules:\n- {\n");
        assertThatThrownBy(() -> documents.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file + ":");
        assertThatThrownBy(() -> documents.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
