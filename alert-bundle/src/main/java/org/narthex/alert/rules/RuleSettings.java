package org.narthex.alert.rules;

import org.narthex.alert.ExternalUrl;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/** The command line's say in rules; durations in milliseconds. */
record RuleSettings(long resendDelayMs, long outageToleranceMs, long gracePeriodMs, ExternalUrl externalUrl) {
    static RuleSettings of(Flags flags) {
        return new RuleSettings(
                flags.durationMs(Flag.RULES_RESEND_DELAY),
                flags.durationMs(Flag.RULES_OUTAGE_TOLERANCE),
                flags.durationMs(Flag.RULES_GRACE_PERIOD),
                new ExternalUrl(flags));
    }
}
