package org.narthex.tsdb.encoding;

import java.io.IOException;

/** Stored bytes are not what the format demands. The message names the file, the offset within it and what is wrong. */
public final class CorruptionException extends IOException {
    private static final long serialVersionUID = 1;

    private final long offset;
    private final String reason;

    public CorruptionException(String file, long offset, String why) {
        super(file + " at byte " + offset + ": " + why);
        this.offset = offset;
        this.reason = why;
    }

    /** What is wrong, without the place. */
    public String reason() {
        return reason;
    }

    /** Bytes from the start of the file. */
    public long offset() {
        return offset;
    }
}
