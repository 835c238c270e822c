package org.narthex.alert.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.alert.template.AlertTemplate;
import org.narthex.alert.template.Sample;
import org.narthex.alert.template.TemplateException;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.alert.RuleStates.State;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.RuleGroup.NoData;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBatch;

/** A rule that raises an alert for every element of its result. Its lock guards the alerts. */
final class AlertingRule extends ActiveRule {
    static final String ALERT_NAME = "alertname";
    static final String ALERT_STATE = "alertstate";
    static final String ALERTS = "ALERTS";
    /** A label of the alert that says that there is no data. */
    static final String NO_DATA = "no_data";

    static final String ALERTS_FOR_STATE = "ALERTS_FOR_STATE";

    /** So long a resolved alert is kept, to be sent again in case its receiver was away. */
    private static final long RESOLVED_RETENTION_MS = 15 * 60_000L;

    private final long offsetMs;
    private final int limit;
    private final Map<String, AlertTemplate> labels;
    private final Map<String, AlertTemplate> annotations;
    private final Map<Labels, TrackedAlert> alerts = new LinkedHashMap<>();
    /** Until the state before the restart is known nothing is written that would overwrite it. */
    private boolean restored;

    AlertingRule(RuleGroup group, RuleGroup.Rule config, boolean restore) {
        super(group, config);
        this.offsetMs = group.queryOffsetMs();
        this.limit = group.limit();
        this.labels = templates(config.labels());
        this.annotations = templates(config.annotations());
        this.restored = !restore;
    }

    private Map<String, AlertTemplate> templates(Map<String, String> texts) {
        Map<String, AlertTemplate> templates = new LinkedHashMap<>();
        texts.forEach((name, text) -> templates.put(name, new AlertTemplate(config().name(), text)));
        return templates;
    }

    @Override
    void evaluate(EvaluationScope scope, long timeMs, SampleBatch into) throws QueryException, RuleException {
        Vector result = query(scope, config().expression(), timeMs - offsetMs);
        boolean frozen = config().noData() != NoData.OK && result.isWithoutData();
        Map<Labels, TrackedAlert> current = frozen ? alertOfNoData(scope, timeMs) : alertsOf(result, scope, timeMs);
        synchronized (this) {
            current.forEach((key, alert) -> {
                TrackedAlert known = alerts.get(key);
                if (known != null && known.isActive()) {
                    known.value = alert.value;
                    known.annotations = alert.annotations;
                } else {
                    alerts.put(key, alert);
                }
            });
            int active = advance(current, timeMs, frozen);
            if (limit > 0 && active > limit) {
                alerts.clear();
                throw new RuleException("exceeded limit of " + limit + " with " + active + " alerts");
            }
            if (restored) {
                write(timeMs - offsetMs, into);
            }
        }
    }

    private Map<Labels, TrackedAlert> alertsOf(Vector result, EvaluationScope scope, long timeMs) throws RuleException {
        AlertTemplate.Scope templates = new AlertTemplate.Scope(
                timeMs, scope.externalLabels(), scope.externalUrl(), expression -> samples(scope, expression, timeMs));
        Map<Labels, TrackedAlert> current = new LinkedHashMap<>();
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < result.size(); i++) {
            Labels metric = result.metrics().get(i);
            double value = result.values()[i];
            Object shown = result.shown(i);
            builder.reset(metric).remove(Labels.METRIC_NAME);
            for (Map.Entry<String, AlertTemplate> label : labels.entrySet()) {
                builder.set(label.getKey(), expand(label.getValue(), templates, metric, shown));
            }
            Labels key = builder.set(ALERT_NAME, config().name()).build();
            Labels.Builder notes = Labels.builder();
            for (Map.Entry<String, AlertTemplate> annotation : annotations.entrySet()) {
                notes.set(annotation.getKey(), expand(annotation.getValue(), templates, metric, shown));
            }
            if (current.put(key, new TrackedAlert(key, notes.build(), value, timeMs)) != null) {
                throw new RuleException("vector contains metrics with the same labelset after applying alert labels");
            }
        }
        return current;
    }

    private List<Sample> samples(EvaluationScope scope, String expression, long timeMs) throws QueryException {
        Vector vector = query(scope, expression, timeMs);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < vector.size(); i++) {
            samples.add(new Sample(vector.metrics().get(i), vector.shown(i)));
        }
        return samples;
    }

    private static String expand(AlertTemplate template, AlertTemplate.Scope scope, Labels metric, Object value) {
        try {
            return template.expand(scope, metric, value);
        } catch (TemplateException e) {
            return "<error expanding template: " + e.getMessage() + ">";
        }
    }

    /** The one that says that there is no data, if it is wanted. Its templates see no labels and the value NaN. */
    private Map<Labels, TrackedAlert> alertOfNoData(EvaluationScope scope, long timeMs) throws RuleException {
        if (config().noData() != NoData.ALERT) {
            return Map.of();
        }
        Vector nothing =
                new Vector(List.of(Labels.of(NO_DATA, "true")), new double[] {Double.NaN}, new Histogram[0], 0);
        return alertsOf(nothing, scope, timeMs);
    }

    /**
     * Moves every alert on to its state at the time; returns how many are pending or firing.
     *
     * @param frozen whether nothing is known of those that are not in the result, so that they stay as they are
     */
    private int advance(Map<Labels, TrackedAlert> current, long timeMs, boolean frozen) {
        long forMs = config().forMs();
        int active = 0;
        for (Iterator<TrackedAlert> all = alerts.values().iterator(); all.hasNext(); ) {
            TrackedAlert alert = all.next();
            if (current.containsKey(alert.labels)) {
                alert.keepFiringSinceMs = 0;
            } else if (frozen && alert.isActive()) {
                active++;
                continue;
            } else if (!keepsFiring(alert, timeMs)) {
                boolean old = !alert.isActive() && timeMs - alert.resolvedAtMs > RESOLVED_RETENTION_MS;
                if (alert.state == State.PENDING || old) {
                    all.remove();
                } else if (alert.isActive()) {
                    alert.resolve(timeMs);
                }
                continue;
            }
            active++;
            if (alert.state == State.PENDING && timeMs - alert.activeAtMs >= forMs) {
                alert.state = State.FIRING;
                alert.firedAtMs = timeMs;
            } else if (alert.state == State.FIRING && timeMs - alert.activeAtMs < forMs) {
                // A reload made `for` longer.
                alert.state = State.PENDING;
                alert.firedAtMs = 0;
            }
        }
        return active;
    }

    private boolean keepsFiring(TrackedAlert alert, long timeMs) {
        if (alert.state != State.FIRING || config().keepFiringForMs() == 0) {
            return false;
        }
        if (alert.keepFiringSinceMs == 0) {
            alert.keepFiringSinceMs = timeMs;
        }
        return timeMs - alert.keepFiringSinceMs < config().keepFiringForMs();
    }

    private void write(long sampleTimeMs, SampleBatch into) {
        Labels.Builder builder = Labels.builder();
        for (TrackedAlert alert : alerts.values()) {
            if (alert.isActive()) {
                String state = alert.state == State.FIRING ? "firing" : "pending";
                builder.reset(alert.labels).set(Labels.METRIC_NAME, ALERTS).set(ALERT_STATE, state);
                into.add(builder.build(), sampleTimeMs, 1);
                builder.reset(alert.labels).set(Labels.METRIC_NAME, ALERTS_FOR_STATE);
                into.add(builder.build(), sampleTimeMs, (double) Math.floorDiv(alert.activeAtMs, 1000L));
            }
        }
    }

    /** The alerts that are due to be sent, which count as sent from now on. */
    synchronized List<TrackedAlert> takeDue(long timeMs, long resendDelayMs) {
        List<TrackedAlert> due = new ArrayList<>();
        for (TrackedAlert alert : alerts.values()) {
            if (alert.needsSending(timeMs, resendDelayMs)) {
                alert.lastSentMs = timeMs;
                due.add(new TrackedAlert(alert));
            }
        }
        return due;
    }

    synchronized boolean isRestored() {
        return restored;
    }

    /**
     * Gives alerts back the time they were active before a restart.
     *
     * @param activeAtMs by alert labels, for those found
     */
    synchronized void restore(Map<Labels, Long> activeAtMs) {
        for (TrackedAlert alert : alerts.values()) {
            Long known = activeAtMs.get(alert.labels);
            if (known != null && alert.isActive()) {
                alert.activeAtMs = known;
            }
        }
        restored = true;
    }

    @Override
    void copyStateOf(ActiveRule earlier) {
        super.copyStateOf(earlier);
        if (earlier instanceof AlertingRule alerting) {
            Map<Labels, TrackedAlert> copied = new HashMap<>();
            boolean wasRestored;
            synchronized (alerting) {
                alerting.alerts.forEach((key, alert) -> copied.put(key, new TrackedAlert(alert)));
                wasRestored = alerting.restored;
            }
            synchronized (this) {
                alerts.putAll(copied);
                restored = wasRestored;
            }
        }
    }

    @Override
    synchronized RuleStates.Rule state() {
        State worst = State.INACTIVE;
        List<RuleStates.ActiveAlert> active = new ArrayList<>();
        for (TrackedAlert alert : alerts.values()) {
            if (alert.isActive()) {
                active.add(alert.snapshot());
                worst = alert.state.compareTo(worst) > 0 ? alert.state : worst;
            }
        }
        return new RuleStates.Alerting(
                config().name(),
                query(),
                config().forMs() / 1000.0,
                config().keepFiringForMs() / 1000.0,
                Labels.of(config().labels()),
                Labels.of(config().annotations()),
                worst,
                active,
                health(),
                lastError(),
                evaluationSeconds(),
                lastEvaluationMs());
    }
}
