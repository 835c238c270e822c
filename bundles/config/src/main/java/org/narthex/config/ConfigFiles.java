package org.narthex.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** The files a configuration consists of: the main one, those it includes, its rule files, and files of parts with one of their own. */
final class ConfigFiles {
    private ConfigFiles() {}

    /**
     * A sum over names and content of all files. Mistakes in them do not matter: they are found when the files are loaded.
     *
     * @param others files of parts, such as that of the Alertmanager; empty for none
     */
    static String checksum(String file, String... others) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        Path main = Path.of(file);
        add(digest, main);
        for (String other : others) {
            if (!other.isEmpty()) {
                add(digest, Path.of(other));
            }
        }
        try {
            Section top =
                    Section.of(YamlReader.read(file, Files.readAllBytes(main)).root());
            for (String key : new String[] {"rule_files", "scrape_config_files"}) {
                for (ConfigNode pattern : top.node().list(key)) {
                    if (Glob.isValid(pattern.text())) {
                        Glob.expand(main.getParent(), pattern.text()).forEach(path -> add(digest, path));
                    }
                }
            }
        } catch (IOException | ConfigException | UncheckedIOException | IllegalArgumentException e) {
            digest.update((byte) '!');
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, Path path) {
        digest.update(path.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        try {
            digest.update(Files.readAllBytes(path));
        } catch (IOException e) {
            digest.update((byte) '!');
        }
        digest.update((byte) 0);
    }
}
