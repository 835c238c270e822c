package org.narthex.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The web console's password: made at the first start, then kept in a file that only the user running Narthex can read.
 *
 * @param fresh whether it was made just now
 */
record ConsolePassword(String text, boolean fresh) {
    static final String USER = "admin";

    /** Without characters that look alike: a person may have to type it. */
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /** 24 of 56 characters are 139 bits. */
    private static final int LENGTH = 24;

    /** Reads the password, or makes one if the file is not there. */
    static ConsolePassword in(Path file) throws IOException {
        if (Files.exists(file)) {
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw new IOException(file + " is empty; remove it to have a new password made");
            }
            return new ConsolePassword(text, false);
        }
        String text = generate();
        // Made with its permissions, not given them later: nobody may open it in between.
        if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, text + "\n");
        return new ConsolePassword(text, true);
    }

    private static String generate() {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "ConsolePassword[fresh=" + fresh + "]";
    }
}
