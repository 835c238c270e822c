package org.narthex.alert.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.alert.ExternalUrl;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Storage;

/** Evaluates groups at times that the caller gives, one group after the other; nobody is told of alerts. Used by one thread. */
public final class RuleReplay {
    private static final long QUEUE_BYTES = 64 << 20;

    private final List<RuleGroupEvaluation> groups = new ArrayList<>();

    /** @param externalUrl empty for that of this host */
    public RuleReplay(
            List<RuleGroup> groups, Storage storage, QueryEngine engine, Labels externalLabels, String externalUrl) {
        Flags flags = new Flags(
                name -> name.equals(Flag.WEB_EXTERNAL_URL.property()) && !externalUrl.isEmpty() ? externalUrl : null);
        RuleGroupEvaluation.Surroundings surroundings = new RuleGroupEvaluation.Surroundings(
                () -> Optional.of(engine),
                () -> Optional.of(storage),
                new HandOverQueue(() -> Optional.of(storage), QUEUE_BYTES),
                alerts -> {
                    // The state of the rules tells.
                },
                new RuleSettings(0, 0, 0, new ExternalUrl(flags)));
        groups.forEach(group -> this.groups.add(new RuleGroupEvaluation(group, surroundings, externalLabels, false)));
    }

    /**
     * Evaluates all groups, whatever their interval.
     *
     * @return what went wrong, one text for each rule that failed
     */
    public List<String> evaluate(long timeMs) {
        List<String> errors = new ArrayList<>();
        for (RuleGroupEvaluation group : groups) {
            group.evaluate(timeMs);
            for (RuleStates.Rule rule : group.state().rules()) {
                if (rule.health() == RuleStates.Health.ERR) {
                    errors.add("rule: " + rule.name() + ", err: " + rule.lastError());
                }
            }
        }
        return errors;
    }

    /** The alerting rules as they are now. */
    public List<RuleStates.Alerting> alerts() {
        List<RuleStates.Alerting> alerts = new ArrayList<>();
        for (RuleGroupEvaluation group : groups) {
            for (RuleStates.Rule rule : group.state().rules()) {
                if (rule instanceof RuleStates.Alerting alerting) {
                    alerts.add(alerting);
                }
            }
        }
        return alerts;
    }
}
