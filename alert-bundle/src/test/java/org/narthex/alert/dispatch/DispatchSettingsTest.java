package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.narthex.alert.external.RecordingSink;
import org.narthex.api.config.Flag;

/** A limit of alerts of one name, and a delay of the start. */
class DispatchSettingsTest extends LoopTesting {
    private static final long DELAY = 2 * MINUTE;

    @Override
    String flag(String property) {
        return Map.of(
                        Flag.ALERTMANAGER_NAME_LIMIT.property(), "2",
                        Flag.ENABLE_FEATURE.property(), "alert-names-in-metrics",
                        Flag.ALERTMANAGER_START_DELAY.property(), "2m")
                .get(property);
    }

    private Map<String, Double> metrics() {
        Map<String, Double> values = new TreeMap<>();
        counters.collect(new RecordingSink(values));
        return values;
    }

    @Test
    void takesNoMoreAlertsOfOneNameThanTheLimitSays() {
        raise("Down", "a", 0);
        raise("Down", "b", 0);
        raise("Down", "c", 0);
        raise("Slow", "c", 0);
        raise("Down", "a", 0);
        assertThat(metrics())
                .containsEntry("alertmanager_alerts{state=\"active\"}", 3.0)
                .containsEntry("alertmanager_alerts_per_alert_limit", 2.0)
                .containsEntry("alertmanager_alerts_limited_total{alertname=\"Down\"}", 1.0);
        raise("Down", "b", nowMs);
        raise("Down", "c", 0);
        raise("Down", "b", 0);
        assertThat(metrics())
                .as("the end of one makes room for another, and then there is none for the first")
                .containsEntry("alertmanager_alerts{state=\"active\"}", 3.0)
                .containsEntry("alertmanager_alerts_limited_total{alertname=\"Down\"}", 2.0);
        pass(HOUR);
        assertThat(delivered).contains("firing Down+", "firing Down+ Slow+");
    }

    @Test
    void tellsNothingBeforeTheDelayIsOver() {
        raise("Down", 0);
        pass(DELAY - 1);
        assertThat(delivered).isEmpty();
        pass(1);
        assertThat(delivered).containsExactly("firing Down+");
        raise("Slow", "other", 0);
        pass(30 * SECOND);
        assertThat(delivered).as("only the start is delayed").containsExactly("firing Down+", "firing Slow+");
    }

    @Test
    void waitsAgainAfterARestart() throws IOException {
        raise("Down", 0);
        nowMs += DELAY;
        kill();
        pass(DELAY - 1);
        assertThat(delivered).isEmpty();
        pass(1);
        assertThat(delivered).containsExactly("firing Down+");
    }
}
