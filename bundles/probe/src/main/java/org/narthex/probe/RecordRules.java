package org.narthex.probe;

import java.util.List;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Regex;

/** What the records of one part of an answer of DNS must look like; {@code validate_answer_rrs} and the like. */
record RecordRules(
        List<String> ifMatches, List<String> ifAllMatch, List<String> ifNotMatches, List<String> ifNoneMatches) {
    static RecordRules read(ConfigNode section, String key) throws ConfigException {
        Optional<ConfigNode> given = section.given(key);
        if (given.isEmpty()) {
            return new RecordRules(List.of(), List.of(), List.of(), List.of());
        }
        ConfigNode rules = given.get();
        rules.onlyKeys(
                "fail_if_matches_regexp",
                "fail_if_all_match_regexp",
                "fail_if_not_matches_regexp",
                "fail_if_none_matches_regexp");
        return new RecordRules(
                Patterns.checked(rules.list("fail_if_matches_regexp")),
                Patterns.checked(rules.list("fail_if_all_match_regexp")),
                Patterns.checked(rules.list("fail_if_not_matches_regexp")),
                Patterns.checked(rules.list("fail_if_none_matches_regexp")));
    }

    boolean areAny() {
        return !(ifMatches.isEmpty() && ifAllMatch.isEmpty() && ifNotMatches.isEmpty() && ifNoneMatches.isEmpty());
    }

    /** Like blackbox_exporter, of which the names of the keys do not tell all. */
    boolean pass(List<String> records, ProbeRun run) {
        if (records.isEmpty() && !(ifNotMatches.isEmpty() && ifNoneMatches.isEmpty())) {
            return run.fails("A match is required but no RRs were returned");
        }
        for (String record : records) {
            for (String expression : ifMatches) {
                if (Regex.find(expression, record)) {
                    return run.fails("At least one RR matched regexp=" + expression + " rr=" + record);
                }
            }
            for (String expression : ifNotMatches) {
                if (!Regex.find(expression, record)) {
                    return run.fails("At least one RR did not match regexp=" + expression + " rr=" + record);
                }
            }
        }
        for (String expression : ifAllMatch) {
            // Not the other way round: whoever uses the key has found that out.
            if (!records.stream().allMatch(record -> Regex.find(expression, record))) {
                return run.fails("Not all RRs matched regexp=" + expression);
            }
        }
        boolean noneMatches = records.stream().noneMatch(record -> Patterns.anyFound(ifNoneMatches, record));
        if (!ifNoneMatches.isEmpty() && noneMatches) {
            return run.fails("None of the RRs matched any regexp=" + ifNoneMatches);
        }
        return true;
    }
}
