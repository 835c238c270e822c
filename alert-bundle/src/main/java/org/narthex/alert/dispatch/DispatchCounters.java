package org.narthex.alert.dispatch;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.alert.Silence;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What the dispatcher counts, under Alertmanager's names. Its lock guards all fields. */
final class DispatchCounters {
    private long receivedFiring;
    private long receivedResolved;
    private int active;
    private int suppressedAlerts;
    private int receivers;
    private int integrations;
    private int groups;
    private Map<Silence.State, Integer> silences = Map.of();
    private final Map<Suppression, Long> suppressed = new EnumMap<>(Suppression.class);
    private int waiting;
    private boolean durable = true;
    private final Map<String, PerType> byType = new TreeMap<>();
    private final StateCounters ofState = new StateCounters();

    /** Upper bounds of the buckets of latencies, in seconds, as Alertmanager has them. */
    private static final int[] LATENCIES = {1, 5, 10, 15, 20};

    private static final class PerType {
        /** The last one is for those above all bounds. */
        private final long[] latencies = new long[LATENCIES.length + 1];

        private long notifications;
        private long failed;
        private long requests;
        private long failedRequests;
        private double seconds;
    }

    /** Why an alert was left out of a notification. */
    enum Suppression {
        SILENCE("silence"),
        INHIBITION("inhibition"),
        TIME("mute_time_interval");

        private final String word;

        Suppression(String word) {
            this.word = word;
        }
    }

    synchronized void suppressed(Suppression why, int alerts) {
        suppressed.merge(why, (long) alerts, Long::sum);
    }

    synchronized void received(boolean resolved) {
        receivedResolved += resolved ? 1 : 0;
        receivedFiring += resolved ? 0 : 1;
    }

    /** What a configuration has is known from the start, with counts of 0: a first failure is then seen as an increase. */
    synchronized void configured(AlertingConfig config) {
        receivers = config.receivers().size();
        integrations = 0;
        for (Receiver receiver : config.receivers().values()) {
            integrations += receiver.sections().size();
            receiver.sections().forEach(section -> of(section.type()));
        }
    }

    /**
     * @param firingAlerts all that fire
     * @param suppressed those of them that were silenced or inhibited when their group was last told
     */
    synchronized void alerts(int firingAlerts, int suppressed) {
        active = firingAlerts - suppressed;
        suppressedAlerts = suppressed;
    }

    synchronized void state(int groupCount, Map<Silence.State, Integer> silencesByState) {
        silences = silencesByState;
        groups = groupCount;
    }

    synchronized void waiting(int deliveries) {
        waiting = deliveries;
    }

    synchronized void durable(boolean isDurable) {
        durable = isDurable;
    }

    private PerType of(String type) {
        return byType.computeIfAbsent(type, key -> new PerType());
    }

    synchronized void notification(String type) {
        of(type).notifications++;
    }

    synchronized void failedNotification(String type) {
        of(type).failed++;
    }

    synchronized void request(String type, double seconds, boolean failed) {
        PerType counters = of(type);
        counters.requests++;
        counters.failedRequests += failed ? 1 : 0;
        counters.seconds += seconds;
        int bucket = 0;
        while (bucket < LATENCIES.length && seconds > LATENCIES[bucket]) {
            bucket++;
        }
        counters.latencies[bucket]++;
    }

    /** What is counted of the state; has a lock of its own. */
    StateCounters ofState() {
        return ofState;
    }

    synchronized void collect(MetricSink sink) {
        ofState.collect(sink);
        byState(sink, "alertmanager_alerts", "How many alerts by state.");
        byState(
                sink,
                "alertmanager_marked_alerts",
                "How many alerts by state are currently marked in the Alertmanager regardless of their expiry.");
        sink.gauge("alertmanager_cluster_enabled", "Indicates whether the clustering is enabled or not.", 0);
        sink.family("alertmanager_alerts_received_total", MetricType.COUNTER, "The total number of received alerts.");
        sink.sample("alertmanager_alerts_received_total", (double) receivedFiring, "status", "firing", "version", "v2");
        sink.sample(
                "alertmanager_alerts_received_total", (double) receivedResolved, "status", "resolved", "version", "v2");
        sink.family("alertmanager_silences", MetricType.GAUGE, "How many silences by state.");
        for (Silence.State state : Silence.State.values()) {
            sink.sample(
                    "alertmanager_silences",
                    silences.getOrDefault(state, 0),
                    "state",
                    state.name().toLowerCase(java.util.Locale.ROOT));
        }
        sink.family(
                "alertmanager_notifications_suppressed_total",
                MetricType.COUNTER,
                "The total number of notifications suppressed for being silenced, inhibited, outside of active time intervals or within muted time intervals.");
        for (Suppression why : Suppression.values()) {
            sink.sample(
                    "alertmanager_notifications_suppressed_total",
                    (double) suppressed.getOrDefault(why, 0L),
                    "reason",
                    why.word);
        }
        sink.gauge("alertmanager_receivers", "Number of configured receivers.", receivers);
        sink.gauge("alertmanager_integrations", "Number of configured integrations.", integrations);
        sink.gauge("alertmanager_dispatcher_aggregation_groups", "Number of active aggregation groups.", groups);
        sink.gauge("narthex_alert_notifications_waiting", "Notifications that are not delivered yet.", waiting);
        sink.gauge(
                "narthex_alert_state_durable",
                "Whether alerts and notifications survive the process: 1 if they are kept on disk.",
                durable ? 1 : 0);
        if (byType.isEmpty()) {
            return;
        }
        sink.family(
                "alertmanager_notifications_total", MetricType.COUNTER, "The total number of attempted notifications.");
        byType.forEach((type, each) ->
                sink.sample("alertmanager_notifications_total", (double) each.notifications, "integration", type));
        sink.family(
                "alertmanager_notifications_failed_total",
                MetricType.COUNTER,
                "The total number of failed notifications.");
        byType.forEach((type, each) ->
                sink.sample("alertmanager_notifications_failed_total", (double) each.failed, "integration", type));
        sink.family(
                "alertmanager_notification_requests_total",
                MetricType.COUNTER,
                "The total number of attempted notification requests.");
        byType.forEach((type, each) ->
                sink.sample("alertmanager_notification_requests_total", (double) each.requests, "integration", type));
        sink.family(
                "alertmanager_notification_requests_failed_total",
                MetricType.COUNTER,
                "The total number of failed notification requests.");
        byType.forEach((type, each) -> sink.sample(
                "alertmanager_notification_requests_failed_total", (double) each.failedRequests, "integration", type));
        latencies(sink);
    }

    /** None is unprocessed: what becomes of an alert is known when it is taken. */
    private void byState(MetricSink sink, String name, String help) {
        sink.family(name, MetricType.GAUGE, help);
        sink.sample(name, active, "state", "active");
        sink.sample(name, suppressedAlerts, "state", "suppressed");
        sink.sample(name, 0, "state", "unprocessed");
    }

    private void latencies(MetricSink sink) {
        String name = "alertmanager_notification_latency_seconds";
        sink.family(name, MetricType.HISTOGRAM, "The latency of notifications in seconds.");
        byType.forEach((type, each) -> {
            long count = 0;
            for (int i = 0; i <= LATENCIES.length; i++) {
                count += each.latencies[i];
                String le = i < LATENCIES.length ? Integer.toString(LATENCIES[i]) : "+Inf";
                sink.sample(name + "_bucket", (double) count, "integration", type, "le", le);
            }
            sink.sample(name + "_sum", each.seconds, "integration", type);
            sink.sample(name + "_count", (double) count, "integration", type);
        });
    }
}
