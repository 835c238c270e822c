package org.narthex.http.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.narthex.api.http.HttpClientConfig.Secret;

/** Reads what stands in place or in a file. */
final class Secrets {
    private Secrets() {}

    /** @throws IOException if the secret is one that somebody else would have to be asked for */
    static void refuseReference(Secret secret) throws IOException {
        if (secret.reference().isPresent()) {
            throw new IOException("the secret \"" + secret.reference().get()
                    + "\" is a reference, and there is no manager of secrets to ask for it");
        }
    }

    /** @throws IOException if the file cannot be read; the message names it */
    static String read(Secret secret) throws IOException {
        refuseReference(secret);
        if (secret.file().isEmpty()) {
            return secret.text();
        }
        Path file = secret.file().get();
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw UnreadableFile.because(e, "secret", file);
        }
    }
}
