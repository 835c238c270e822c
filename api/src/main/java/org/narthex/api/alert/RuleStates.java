package org.narthex.api.alert;

import java.util.List;

import org.narthex.api.model.Labels;
import org.osgi.annotation.versioning.ProviderType;

/** The state of rules and alerts, for those who show it. Thread-safe; each call returns a snapshot. */
@ProviderType
public interface RuleStates {
    /** All groups, by file, then by name. */
    List<Group> groups();

    /** A group of rules evaluated together; times in milliseconds since the epoch, 0 for never. */
    record Group(
            String name,
            String file,
            long intervalMs,
            int limit,
            List<Rule> rules,
            double evaluationSeconds,
            long lastEvaluationMs) {
        public Group {
            rules = List.copyOf(rules);
        }
    }

    /** Whether the last evaluation worked. */
    enum Health {
        UNKNOWN,
        OK,
        ERR
    }

    /** Where an alert, or the worst alert of a rule, stands. */
    enum State {
        INACTIVE,
        PENDING,
        FIRING
    }

    /** What rules of both kinds have. */
    sealed interface Rule {
        String name();

        /** The expression in canonical form. */
        String query();

        Labels labels();

        Health health();

        /** Empty when all is well. */
        String lastError();

        double evaluationSeconds();

        long lastEvaluationMs();
    }

    /** A rule that writes a new series. */
    record Recording(
            String name,
            String query,
            Labels labels,
            Health health,
            String lastError,
            double evaluationSeconds,
            long lastEvaluationMs)
            implements Rule {}

    /** A rule that raises alerts; {@code forSeconds} and {@code keepFiringForSeconds} in seconds. */
    record Alerting(
            String name,
            String query,
            double forSeconds,
            double keepFiringForSeconds,
            Labels labels,
            Labels annotations,
            State state,
            List<ActiveAlert> alerts,
            Health health,
            String lastError,
            double evaluationSeconds,
            long lastEvaluationMs)
            implements Rule {
        public Alerting {
            alerts = List.copyOf(alerts);
        }
    }

    /** A pending or firing alert; {@code keepFiringSinceMs} is 0 unless it is only kept firing. */
    record ActiveAlert(
            Labels labels, Labels annotations, State state, long activeAtMs, long keepFiringSinceMs, double value) {}
}
