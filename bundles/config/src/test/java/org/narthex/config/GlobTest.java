package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {
    @TempDir
    private Path folder;

    @Test
    void matchesInTheLastPartInOrder() throws IOException {
        for (String name : new String[] {"rules/b.yml", "rules/a.yml", "rules/c.txt", "rules/{x}.yml"}) {
            Texts.write(folder, name, "");
        }
        assertThat(Glob.expand(folder, "rules/*.yml"))
                .containsExactly(
                        folder.resolve("rules/a.yml"), folder.resolve("rules/b.yml"), folder.resolve("rules/{x}.yml"));
        assertThat(Glob.expand(folder, "rules/{x}.y*")).containsExactly(folder.resolve("rules/{x}.yml"));
        assertThat(Glob.expand(null, folder + "/rules/a.yml")).containsExactly(folder.resolve("rules/a.yml"));
    }

    @Test
    void findsNothingWhereNothingIs() throws IOException {
        assertThat(Glob.expand(folder, "none.yml")).isEmpty();
        assertThat(Glob.expand(folder, "none/*.yml")).isEmpty();
    }

    @Test
    void refusesAWildcardInAFolder() {
        assertThat(Glob.isValid("a/*/b.yml")).isFalse();
        assertThat(Glob.isValid("a/*.yml")).isTrue();
        assertThat(Glob.isValid("a.yml")).isTrue();
    }
}
