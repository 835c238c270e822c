package org.narthex.probe;

import java.util.List;

import org.narthex.api.model.Regex;

/** The regular expressions of a module, against an answer. */
final class HttpChecks {
    private HttpChecks() {}

    static boolean areAny(HttpSettings settings) {
        return !settings.failIfBodyMatches().isEmpty()
                || !settings.failIfBodyNotMatches().isEmpty()
                || !settings.failIfHeaderMatches().isEmpty()
                || !settings.failIfHeaderNotMatches().isEmpty();
    }

    static boolean pass(HttpSettings settings, HttpHead head, HttpText body, ProbeRun run) {
        boolean passed = headersPass(settings, head, run) && bodyPasses(settings, body.text(), run);
        run.failedByRegex(!passed);
        return passed;
    }

    private static boolean bodyPasses(HttpSettings settings, String body, ProbeRun run) {
        for (String expression : settings.failIfBodyMatches()) {
            if (Regex.find(expression, body)) {
                return run.fails("Body matched regular expression regexp=" + expression);
            }
        }
        for (String expression : settings.failIfBodyNotMatches()) {
            if (!Regex.find(expression, body)) {
                return run.fails("Body did not match regular expression regexp=" + expression);
            }
        }
        return true;
    }

    private static boolean headersPass(HttpSettings settings, HttpHead head, ProbeRun run) {
        for (HttpSettings.HeaderMatch match : settings.failIfHeaderMatches()) {
            List<String> values = head.values(match.header());
            if (values.isEmpty() && !match.allowMissing()) {
                return run.fails("Missing required header header=" + match.header());
            }
            if (values.stream().anyMatch(value -> Regex.find(match.regexp(), value))) {
                return run.fails(
                        "Header matched regular expression header=" + match.header() + " regexp=" + match.regexp());
            }
        }
        for (HttpSettings.HeaderMatch match : settings.failIfHeaderNotMatches()) {
            List<String> values = head.values(match.header());
            if (values.isEmpty() && match.allowMissing()) {
                continue;
            }
            if (values.stream().noneMatch(value -> Regex.find(match.regexp(), value))) {
                return run.fails(
                        values.isEmpty()
                                ? "Missing required header header=" + match.header()
                                : "Header did not match regular expression header=" + match.header() + " regexp="
                                        + match.regexp());
            }
        }
        return true;
    }
}
