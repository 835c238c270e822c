package org.narthex.alert.rules;

import org.narthex.alert.ExternalUrl;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/**
 * The command line's say in rules; durations in milliseconds.
 *
 * @param catchUpMs evaluations of recording rules that were missed while nobody was there are made up for if they are not longer ago
 * @param concurrentRules so many rules of one group are evaluated at once, over all groups; 0 for each after the one before it
 */
record RuleSettings(
        long resendDelayMs,
        long outageToleranceMs,
        long gracePeriodMs,
        long catchUpMs,
        int concurrentRules,
        ExternalUrl externalUrl) {
    /** The feature that has independent rules of a group evaluated at once. */
    private static final String CONCURRENT = "concurrent-rule-eval";

    /** Settings that make up for nothing. */
    RuleSettings(long resendDelayMs, long outageToleranceMs, long gracePeriodMs, ExternalUrl externalUrl) {
        this(resendDelayMs, outageToleranceMs, gracePeriodMs, 0, 0, externalUrl);
    }

    static RuleSettings of(Flags flags, long catchUpMs) {
        return new RuleSettings(
                flags.durationMs(Flag.RULES_RESEND_DELAY),
                flags.durationMs(Flag.RULES_OUTAGE_TOLERANCE),
                flags.durationMs(Flag.RULES_GRACE_PERIOD),
                catchUpMs,
                flags.list(Flag.ENABLE_FEATURE).contains(CONCURRENT)
                        ? Math.toIntExact(Math.max(1, flags.integer(Flag.RULES_MAX_CONCURRENT)))
                        : 0,
                new ExternalUrl(flags));
    }
}
