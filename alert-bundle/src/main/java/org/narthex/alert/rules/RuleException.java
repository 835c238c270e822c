package org.narthex.alert.rules;

/** A rule that failed; the message says why and is shown to its author. */
final class RuleException extends Exception {
    private static final long serialVersionUID = 1L;

    RuleException(String message) {
        super(message);
    }
}
