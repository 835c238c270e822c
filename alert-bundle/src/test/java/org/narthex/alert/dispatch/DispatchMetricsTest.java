package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.external.RecordingSink;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;

class DispatchMetricsTest extends LoopTesting {
    private Map<String, Double> metrics() {
        Map<String, Double> values = new HashMap<>();
        counters.collect(new RecordingSink(values));
        return values;
    }

    @Test
    void whatIsConfiguredIsThereWithZero() {
        assertThat(metrics())
                .containsEntry("alertmanager_receivers", 1.0)
                .containsEntry("alertmanager_integrations", 1.0)
                .containsEntry("alertmanager_notifications_failed_total{integration=\"test\"}", 0.0)
                .containsEntry(
                        "alertmanager_notification_latency_seconds_bucket{integration=\"test\",le=\"+Inf\"}", 0.0);
    }

    @Test
    void silencedAlertsCountAsSuppressedOnceTheirGroupIsTold() {
        ask(dispatcher -> dispatcher
                .silences()
                .put(new Silence("", DOWN, nowMs, nowMs + HOUR, nowMs, "ann", "on it", Labels.EMPTY), nowMs));
        raise("Down", 0);
        raise("Slow", 0);
        assertThat(metrics()).containsEntry("alertmanager_alerts{state=\"active\"}", 2.0);
        pass(MINUTE);
        assertThat(metrics())
                .containsEntry("alertmanager_alerts{state=\"active\"}", 1.0)
                .containsEntry("alertmanager_alerts{state=\"suppressed\"}", 1.0)
                .containsEntry("alertmanager_notification_latency_seconds_bucket{integration=\"test\",le=\"1\"}", 1.0);
        assertThat(delivered).isEqualTo(List.of("firing Slow+"));
    }

    @Test
    void whatBecomesOfTheStateIsCounted() {
        raise("Down", 0);
        pass(MINUTE);
        assertThat(metrics())
                .containsEntry("alertmanager_alerts_received_total{status=\"firing\",version=\"v2\"}", 1.0)
                .containsEntry("alertmanager_dispatcher_alert_processing_duration_seconds_count", 1.0)
                .containsEntry("alertmanager_nflog_queries_total", 1.0)
                .containsEntry("alertmanager_silences_queries_total", 1.0)
                .containsEntry("alertmanager_marked_alerts{state=\"active\"}", 1.0)
                .containsEntry("alertmanager_cluster_enabled", 0.0);
        double before = metrics().get("alertmanager_nflog_maintenance_total");
        double commits = metrics().get("narthex_alert_commit_duration_seconds_count");
        pass(16 * MINUTE);
        assertThat(metrics())
                .containsEntry("alertmanager_nflog_maintenance_total", before + 1)
                .containsEntry("alertmanager_silences_gc_duration_seconds_count", before + 1);
        assertThat(commits).isPositive();
    }
}
