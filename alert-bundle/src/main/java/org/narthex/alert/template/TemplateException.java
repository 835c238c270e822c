package org.narthex.alert.template;

/** A template that cannot be parsed or executed; the message is worded as Go words it and says where. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean located;

    TemplateException(String message) {
        this(message, false);
    }

    /** @param located whether the message says already where in the template it happened */
    TemplateException(String message, boolean located) {
        super(message);
        this.located = located;
    }

    boolean isLocated() {
        return located;
    }

    /** The same failure, with where the template stands before its message. */
    public TemplateException in(String where) {
        return new TemplateException(where + ": " + getMessage(), true);
    }
}
