package org.narthex.alert.dispatch;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/**
 * What flags say of the dispatcher; times in milliseconds.
 *
 * @param historyMs the history of alerts and notifications is kept so long; 0 for not at all
 * @param retentionMs so long silences that are over are kept, and at most what was told
 * @param maxSilences those that are over included; 0 for any number
 * @param maxSilenceBytes of one silence as it is on disk; 0 for any number
 * @param alertsPerName so many alerts of one name may fire at once; 0 for any number
 * @param namesInMetrics whether alerts above that are counted by name
 * @param startDelayMs after its start the dispatcher tells nobody anything for so long
 */
record DispatchSettings(
        long historyMs,
        long retentionMs,
        long maxSilences,
        long maxSilenceBytes,
        long alertsPerName,
        boolean namesInMetrics,
        long startDelayMs) {
    /** The feature that counts alerts by name. */
    private static final String NAMES_IN_METRICS = "alert-names-in-metrics";

    static DispatchSettings of(Flags flags, long historyMs) {
        return new DispatchSettings(
                historyMs,
                flags.durationMs(Flag.ALERTMANAGER_RETENTION),
                flags.integer(Flag.ALERTMANAGER_MAX_SILENCES),
                flags.integer(Flag.ALERTMANAGER_MAX_SILENCE_SIZE),
                flags.integer(Flag.ALERTMANAGER_NAME_LIMIT),
                flags.list(Flag.ENABLE_FEATURE).contains(NAMES_IN_METRICS),
                flags.durationMs(Flag.ALERTMANAGER_START_DELAY));
    }
}
