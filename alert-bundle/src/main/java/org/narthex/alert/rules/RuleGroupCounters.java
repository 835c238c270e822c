package org.narthex.alert.rules;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What a group counts about itself. Its lock guards all fields. */
final class RuleGroupCounters {
    private long evaluations;
    private long failures;
    private double ruleSeconds;
    private long iterations;
    private long missed;
    private double groupSeconds;
    private double lastSeconds;
    private long lastEvaluationMs;
    private int lastSamples;
    /** Of the rules since the last iteration ended. */
    private double pendingRuleSeconds;

    private double lastRuleSeconds;
    private double lastRestoreSeconds;

    synchronized void startFrom(RuleGroupCounters earlier) {
        synchronized (earlier) {
            evaluations = earlier.evaluations;
            failures = earlier.failures;
            ruleSeconds = earlier.ruleSeconds;
            iterations = earlier.iterations;
            missed = earlier.missed;
            groupSeconds = earlier.groupSeconds;
        }
    }

    synchronized void evaluatedRule(double seconds, boolean failed) {
        evaluations++;
        ruleSeconds += seconds;
        pendingRuleSeconds += seconds;
        failures += failed ? 1 : 0;
    }

    synchronized void evaluated(long timeMs, double seconds, int samples) {
        iterations++;
        groupSeconds += seconds;
        lastSeconds = seconds;
        lastEvaluationMs = timeMs;
        lastSamples = samples;
        lastRuleSeconds = pendingRuleSeconds;
        pendingRuleSeconds = 0;
    }

    synchronized void restored(double seconds) {
        lastRestoreSeconds = seconds;
    }

    /** Evaluation times that passed unused because an evaluation took too long; they count as iterations too. */
    synchronized void missed(long times) {
        missed += times;
        iterations += times;
    }

    synchronized long missed() {
        return missed;
    }

    synchronized int lastSamples() {
        return lastSamples;
    }

    synchronized double lastSeconds() {
        return lastSeconds;
    }

    synchronized long lastEvaluationMs() {
        return lastEvaluationMs;
    }

    /** A figure of a group as a metric. */
    enum Metric {
        EVALUATIONS("prometheus_rule_evaluations_total", "The total number of rule evaluations."),
        FAILURES("prometheus_rule_evaluation_failures_total", "The total number of rule evaluation failures."),
        ITERATIONS(
                "prometheus_rule_group_iterations_total",
                "The total number of scheduled rule group evaluations, whether executed or missed."),
        MISSED(
                "prometheus_rule_group_iterations_missed_total",
                "The total number of rule group evaluations missed due to slow rule group evaluation."),
        LAST_TIME(
                "prometheus_rule_group_last_evaluation_timestamp_seconds",
                "The timestamp of the last rule group evaluation in seconds."),
        LAST_DURATION("prometheus_rule_group_last_duration_seconds", "The duration of the last rule group evaluation."),
        LAST_RULES_DURATION(
                "prometheus_rule_group_last_rule_duration_sum_seconds",
                "The sum of time in seconds it took to evaluate each rule in the group regardless of concurrency."
                        + " This should be higher than the group duration if rules are evaluated concurrently."),
        LAST_RESTORE(
                "prometheus_rule_group_last_restore_duration_seconds",
                "The duration of the last alert rules alerts restoration using the `ALERTS_FOR_STATE` series."),
        LAST_SAMPLES(
                "prometheus_rule_group_last_evaluation_samples",
                "The number of samples returned during the last rule group evaluation.");

        private final String metric;
        private final String help;

        Metric(String metric, String help) {
            this.metric = metric;
            this.help = help;
        }

        void family(MetricSink sink) {
            sink.family(metric, metric.endsWith("_total") ? MetricType.COUNTER : MetricType.GAUGE, help);
        }

        void sample(MetricSink sink, RuleGroupCounters of, String group) {
            sink.sample(metric, of.value(this), "rule_group", group);
        }
    }

    private synchronized double value(Metric metric) {
        return switch (metric) {
            case EVALUATIONS -> evaluations;
            case FAILURES -> failures;
            case ITERATIONS -> iterations;
            case MISSED -> missed;
            case LAST_TIME -> lastEvaluationMs / 1000.0;
            case LAST_DURATION -> lastSeconds;
            case LAST_RULES_DURATION -> lastRuleSeconds;
            case LAST_RESTORE -> lastRestoreSeconds;
            case LAST_SAMPLES -> lastSamples;
        };
    }

    synchronized double ruleSeconds() {
        return ruleSeconds;
    }

    synchronized long evaluations() {
        return evaluations;
    }

    synchronized double groupSeconds() {
        return groupSeconds;
    }

    synchronized long iterationsRun() {
        return iterations - missed;
    }
}
