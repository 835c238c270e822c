package org.narthex.http.client;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says why a file cannot be read; the JDK's own message is often its name alone. */
final class UnreadableFile {
    private UnreadableFile() {}

    /** @param what kind of file it is, e.g. {@code TLS} */
    static IOException because(IOException cause, String what, Path file) {
        String reason;
        if (cause instanceof NoSuchFileException) {
            reason = "no such file";
        } else if (cause instanceof AccessDeniedException) {
            reason = "permission denied";
        } else {
            reason = cause.getMessage();
        }
        return new IOException("cannot read " + what + " file " + file + ": " + reason, cause);
    }
}
