package org.narthex.http.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.narthex.api.http.HttpClientConfig.Secret;

/** Reads what stands in place or in a file. */
final class Secrets {
    private Secrets() {}

    /** @throws IOException if the file cannot be read; the message names it */
    static String read(Secret secret) throws IOException {
        if (secret.file().isEmpty()) {
            return secret.text();
        }
        Path file = secret.file().get();
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException("cannot read secret file " + file + ": " + e.getMessage(), e);
        }
    }
}
