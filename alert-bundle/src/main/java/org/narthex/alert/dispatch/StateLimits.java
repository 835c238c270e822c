package org.narthex.alert.dispatch;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/**
 * How much state is kept, and how long; times in milliseconds.
 *
 * @param historyMs the history of alerts and notifications; 0 for none
 * @param retentionMs silences that are over, and at most what was told
 * @param maxSilences those that are over included; 0 for any number
 * @param maxSilenceBytes of one silence as it is on disk; 0 for any number
 */
record StateLimits(long historyMs, long retentionMs, long maxSilences, long maxSilenceBytes) {
    static StateLimits of(Flags flags, long historyMs) {
        return new StateLimits(
                historyMs,
                flags.durationMs(Flag.ALERTMANAGER_RETENTION),
                flags.integer(Flag.ALERTMANAGER_MAX_SILENCES),
                flags.integer(Flag.ALERTMANAGER_MAX_SILENCE_SIZE));
    }
}
