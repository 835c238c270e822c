package org.narthex.api.config;

/** A mistake in a configuration file; the message is one line that names file, line, key and reason. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;

    /**
     * @param file as the user named it
     * @param line counted from 1; 0 if the error is about the file as a whole
     */
    public ConfigException(String file, int line, String reason) {
        super(line > 0 ? file + ":" + line + ": " + reason : file + ": " + reason);
        this.file = file;
        this.line = line;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }
}
