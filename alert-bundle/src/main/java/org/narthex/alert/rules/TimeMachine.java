package org.narthex.alert.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.alert.RuleStates;
import org.narthex.api.alert.RuleTimeMachine;
import org.narthex.api.alert.RuleTimeMachine.Episode;
import org.narthex.api.alert.RuleTimeMachine.Filled;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBatch;

/** Evaluates rules at times that are past. */
final class TimeMachine {
    private TimeMachine() {}

    static List<Episode> preview(EvaluationScope scope, RuleGroup.Rule rule, long fromMs, long toMs, long stepMs)
            throws QueryException {
        checkSteps(fromMs, toMs, stepMs);
        RuleGroup group = new RuleGroup("", "preview", stepMs, 0, 0, List.of(rule));
        AlertingRule active = new AlertingRule(group, rule, false);
        SampleBatch unused = new SampleBatch();
        Map<Labels, Episode> open = new HashMap<>();
        List<Episode> episodes = new ArrayList<>();
        for (long timeMs = fromMs; timeMs <= toMs; timeMs += stepMs) {
            try {
                active.evaluate(scope, timeMs, unused);
            } catch (RuleException e) {
                throw new QueryException(QueryException.Kind.EXECUTION, e.getMessage());
            }
            unused.clear();
            follow(((RuleStates.Alerting) active.state()).alerts(), timeMs, open, episodes);
        }
        episodes.addAll(open.values());
        episodes.sort(Comparator.comparingLong(Episode::activeAtMs).thenComparing(Episode::labels));
        return episodes;
    }

    private static void follow(
            List<RuleStates.ActiveAlert> alerts, long timeMs, Map<Labels, Episode> open, List<Episode> episodes) {
        Set<Labels> over = new HashSet<>(open.keySet());
        for (RuleStates.ActiveAlert alert : alerts) {
            over.remove(alert.labels());
            Episode known = open.get(alert.labels());
            boolean fires = alert.state() == RuleStates.State.FIRING;
            if (known == null || known.firedAtMs() == 0) {
                open.put(
                        alert.labels(),
                        new Episode(alert.labels(), alert.annotations(), alert.activeAtMs(), fires ? timeMs : 0, 0));
            }
        }
        for (Labels labels : over) {
            Episode ended = open.remove(labels);
            episodes.add(
                    new Episode(ended.labels(), ended.annotations(), ended.activeAtMs(), ended.firedAtMs(), timeMs));
        }
    }

    private static void checkSteps(long fromMs, long toMs, long stepMs) {
        if (stepMs <= 0 || toMs < fromMs) {
            throw new IllegalArgumentException("the end must not be before the start, and the step must be positive");
        }
        if ((toMs - fromMs) / stepMs >= RuleTimeMachine.MAX_STEPS) {
            throw new IllegalArgumentException("more than " + RuleTimeMachine.MAX_STEPS + " evaluation times");
        }
    }

    /** @param group of recording rules alone */
    static Filled backfill(
            RuleGroup group,
            RuleGroupEvaluation.Surroundings surroundings,
            Labels externalLabels,
            long fromMs,
            long toMs) {
        checkSteps(fromMs, toMs, group.intervalMs());
        GroupSchedule schedule = GroupSchedule.of(group.file(), group.name(), group.intervalMs());
        RuleGroupEvaluation evaluation = new RuleGroupEvaluation(group, surroundings, externalLabels, false);
        int evaluations = 0;
        int failures = 0;
        long samples = 0;
        String firstError = "";
        for (long timeMs = schedule.pointAfter(fromMs - 1); timeMs <= toMs; timeMs += group.intervalMs()) {
            evaluation.evaluate(timeMs);
            samples += evaluation.counters().lastSamples();
            for (RuleStates.Rule rule : evaluation.state().rules()) {
                evaluations++;
                if (rule.health() == RuleStates.Health.ERR) {
                    failures++;
                    firstError = firstError.isEmpty() ? rule.name() + ": " + rule.lastError() : firstError;
                }
            }
        }
        return new Filled(evaluations, samples, failures, firstError);
    }

    /** The group with those of its recording rules that are wanted; a name that is empty wants all. */
    static RuleGroup recording(RuleGroup group, String name) {
        List<RuleGroup.Rule> wanted = group.rules().stream()
                .filter(rule -> rule.kind() == RuleGroup.Kind.RECORDING)
                .filter(rule -> name.isEmpty() || rule.name().equals(name))
                .toList();
        return new RuleGroup(
                group.file(), group.name(), group.intervalMs(), group.limit(), group.queryOffsetMs(), wanted);
    }
}
