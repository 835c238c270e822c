package org.narthex.alert.rules;

import java.util.Map;
import java.util.Optional;

import org.narthex.alert.template.AlertTemplate;
import org.narthex.alert.template.TemplateException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;

/** Looks for mistakes in rules that their file's reader cannot see: in expressions and templates. */
final class RuleCheck {
    private final Optional<QueryEngine> engine;

    /** @param engine without one, expressions show their mistakes at their evaluation */
    RuleCheck(Optional<QueryEngine> engine) {
        this.engine = engine;
    }

    void check(RuleGroup group) throws ConfigException {
        for (RuleGroup.Rule rule : group.rules()) {
            String where = "group \"" + group.name() + "\", rule \"" + rule.name() + "\": ";
            if (engine.isPresent()) {
                try {
                    engine.get().check(rule.expression());
                } catch (QueryException e) {
                    throw new ConfigException(
                            group.file(), rule.line(), where + "could not parse expression: " + e.getMessage());
                }
            }
            if (rule.kind() == RuleGroup.Kind.ALERTING) {
                templates(group, rule, where + "label ", rule.labels());
                templates(group, rule, where + "annotation ", rule.annotations());
            }
        }
    }

    private static void templates(RuleGroup group, RuleGroup.Rule rule, String where, Map<String, String> texts)
            throws ConfigException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            try {
                new AlertTemplate(rule.name(), text.getValue()).check();
            } catch (TemplateException e) {
                throw new ConfigException(
                        group.file(), rule.line(), where + "\"" + text.getKey() + "\": " + e.getMessage());
            }
        }
    }
}
