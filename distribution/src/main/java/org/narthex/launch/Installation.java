package org.narthex.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where Narthex is installed, and which version it is. */
record Installation(Path home, String version) {
    /** By the system property {@code narthex.home}, else by where this class comes from: {@code <home>/lib/narthex-launcher.jar}. */
    static Installation find() {
        String home = System.getProperty("narthex.home");
        return new Installation(home == null ? beside() : Path.of(home).toAbsolutePath(), readVersion());
    }

    private static Path beside() {
        try {
            URI jar = Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return new File(jar).toPath().toAbsolutePath().getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("set the system property narthex.home", e);
        }
    }

    private static String readVersion() {
        try (InputStream in = Installation.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException("the launcher's jar is damaged", e);
        }
    }
}
