package org.narthex.api.alert;

/** The far side refused a notification for good: sending it again would only be refused again. */
public final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RejectedException(String message) {
        super(message);
    }

    public RejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}
