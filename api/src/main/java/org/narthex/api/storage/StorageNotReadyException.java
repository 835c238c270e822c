package org.narthex.api.storage;

import java.io.IOException;

/** The storage is starting or stopping: trying again soon helps. The message says what it is waiting for. */
public final class StorageNotReadyException extends IOException {
    private static final long serialVersionUID = 1L;

    public StorageNotReadyException(String message) {
        super(message);
    }
}
