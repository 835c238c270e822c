package org.narthex.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleSetTest {
    private static final String CLEAN = "org.osgi.framework.storage.clean";

    @TempDir
    Path folder;

    private void jar(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }

    private boolean startsClean() throws StartException, IOException {
        Map<String, Object> properties = new HashMap<>();
        BundleCache cache = new BundleCache(folder, BundleSet.in(folder.toFile()));
        cache.prepare(properties);
        cache.complete();
        return properties.containsKey(CLEAN);
    }

    @Test
    void levelsAreFoldersAndJarsAreInOrder() throws Exception {
        jar("1/b.jar");
        jar("1/a.jar");
        jar("1/readme.txt");
        jar("3/c.jar");
        jar("other/d.jar");

        BundleSet set = BundleSet.in(folder.toFile());

        assertThat(set.at(1)).extracting(File::getName).containsExactly("a.jar", "b.jar");
        assertThat(set.at(2)).isEmpty();
        assertThat(set.at(3)).extracting(File::getName).containsExactly("c.jar");
        assertThat(set.highestLevel()).isEqualTo(3);
    }

    @Test
    void anInstallationWithoutBundlesIsRefused() {
        assertThatThrownBy(() -> BundleSet.in(folder.resolve("none").toFile())).hasMessageContaining("not complete");
    }

    @Test
    void theBundleCacheIsKeptUntilAJarChanges() throws Exception {
        jar("1/a.jar");

        assertThat(startsClean()).isTrue();
        assertThat(startsClean()).isFalse();

        jar("1/b.jar");

        assertThat(startsClean()).isTrue();
        assertThat(startsClean()).isFalse();
    }

    @Test
    void aStartThatDidNotComeToItsEndLeavesNoCacheToTrust() throws Exception {
        jar("1/a.jar");
        new BundleCache(folder, BundleSet.in(folder.toFile())).prepare(new HashMap<>());

        assertThat(startsClean()).isTrue();
    }
}
