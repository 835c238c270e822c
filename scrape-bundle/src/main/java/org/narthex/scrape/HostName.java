package org.narthex.scrape;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called. Not asked of the resolver, which may take seconds. */
final class HostName {
    private HostName() {}

    static String get() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            // Not Linux: the environment knows.
        }
        String name = System.getenv("HOSTNAME");
        if (name == null || name.isEmpty()) {
            name = System.getenv("COMPUTERNAME");
        }
        return name == null || name.isEmpty() ? "localhost" : name;
    }
}
