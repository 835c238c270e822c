package org.narthex.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The framework's own folder, kept from start to start as long as the shipped bundles stay the same, since reading it is faster than making it, and
 * since bundles installed by hand are in it.
 */
final class BundleCache {
    private final Path stampFile;
    private final String stamp;

    BundleCache(Path stateFolder, BundleSet bundles) {
        stampFile = stateFolder.resolve("osgi.stamp");
        stamp = bundles.stamp();
    }

    /** Has the framework begin with an empty folder unless what is there belongs to these bundles. */
    void prepare(Map<String, Object> properties) throws IOException {
        if (Files.exists(stampFile) && Files.readString(stampFile).equals(stamp)) {
            return;
        }
        Files.deleteIfExists(stampFile);
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
    }

    /** Remembers that the folder holds all of the bundles. */
    void complete() throws IOException {
        if (!Files.exists(stampFile)) {
            Files.writeString(stampFile, stamp);
        }
    }
}
