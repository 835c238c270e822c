package org.narthex.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.alert.RuleStates;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.SampleValue;

/** {@code rules} and {@code alerts}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class RulesResource {
    private final LiveServices services;

    RulesResource(LiveServices services) {
        this.services = services;
    }

    /** What {@code rules} answers; the token is null on the last page. */
    public record Groups(List<Group> groups, String groupNextToken) {}

    /** A rule group. */
    public record Group(
            String name,
            String file,
            double interval,
            int limit,
            List<Object> rules,
            double evaluationTime,
            String lastEvaluation) {}

    /** An alerting rule; {@code lastError} is null when all is well. */
    public record AlertingRule(
            String state,
            String name,
            String query,
            double duration,
            double keepFiringFor,
            Map<String, String> labels,
            Map<String, String> annotations,
            List<ApiAlert> alerts,
            String health,
            String lastError,
            double evaluationTime,
            String lastEvaluation,
            String type) {
        static AlertingRule of(RuleStates.Alerting rule, boolean withAlerts) {
            return new AlertingRule(
                    word(rule.state()),
                    rule.name(),
                    rule.query(),
                    rule.forSeconds(),
                    rule.keepFiringForSeconds(),
                    rule.labels().toMap(),
                    rule.annotations().toMap(),
                    withAlerts ? rule.alerts().stream().map(ApiAlert::of).toList() : List.of(),
                    word(rule.health()),
                    orNull(rule.lastError()),
                    rule.evaluationSeconds(),
                    ApiTime.format(rule.lastEvaluationMs()),
                    "alerting");
        }
    }

    /** A recording rule; {@code lastError} is null when all is well. */
    public record RecordingRule(
            String name,
            String query,
            Map<String, String> labels,
            String health,
            String lastError,
            double evaluationTime,
            String lastEvaluation,
            String type) {
        static RecordingRule of(RuleStates.Recording rule) {
            return new RecordingRule(
                    rule.name(),
                    rule.query(),
                    rule.labels().toMap(),
                    word(rule.health()),
                    orNull(rule.lastError()),
                    rule.evaluationSeconds(),
                    ApiTime.format(rule.lastEvaluationMs()),
                    "recording");
        }
    }

    /** What {@code alerts} answers. */
    public record Alerts(List<ApiAlert> alerts) {}

    /** A pending or firing alert; {@code keepFiringSince} is null unless it is only kept firing. */
    public record ApiAlert(
            Map<String, String> labels,
            Map<String, String> annotations,
            String state,
            String activeAt,
            String keepFiringSince,
            String value) {
        static ApiAlert of(RuleStates.ActiveAlert alert) {
            return new ApiAlert(
                    alert.labels().toMap(),
                    alert.annotations().toMap(),
                    word(alert.state()),
                    ApiTime.format(alert.activeAtMs()),
                    alert.keepFiringSinceMs() == 0 ? null : ApiTime.format(alert.keepFiringSinceMs()),
                    SampleValue.formatExponent(alert.value()));
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    @GET
    @Path("alerts")
    public Envelope alerts() {
        List<ApiAlert> alerts = new ArrayList<>();
        for (RuleStates.Group group : services.ruleStates.required().groups()) {
            for (RuleStates.Rule rule : group.rules()) {
                if (rule instanceof RuleStates.Alerting alerting) {
                    alerting.alerts().forEach(alert -> alerts.add(ApiAlert.of(alert)));
                }
            }
        }
        return Envelope.of(new Alerts(alerts));
    }

    @GET
    @Path("rules")
    public Object rules(@Context UriInfo uri) {
        return rules(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    Envelope rules(ApiParameters parameters) {
        String type = parameters.text("type").toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
            throw ApiException.badParameter("type", "not supported value \"" + type + "\"");
        }
        boolean withAlerts = !parameters.flag("exclude_alerts");
        int groupLimit = groupLimit(parameters);
        Predicate<RuleStates.Rule> wanted = wanted(parameters, type);
        List<Group> groups = new ArrayList<>();
        String token = parameters.text("group_next_token");
        String nextToken = null;
        boolean started = token.isEmpty();
        for (RuleStates.Group group : services.ruleStates.required().groups()) {
            if (!isAmong(parameters.all("rule_group[]"), group.name())
                    || !isAmong(parameters.all("file[]"), group.file())) {
                continue;
            }
            started |= token.equals(token(group));
            if (!started) {
                continue;
            }
            List<Object> rules = new ArrayList<>();
            for (RuleStates.Rule rule : group.rules()) {
                if (wanted.test(rule)) {
                    rules.add(
                            rule instanceof RuleStates.Alerting alerting
                                    ? AlertingRule.of(alerting, withAlerts)
                                    : RecordingRule.of((RuleStates.Recording) rule));
                }
            }
            if (rules.isEmpty()) {
                continue;
            }
            if (groupLimit > 0 && groups.size() == groupLimit) {
                nextToken = token(group);
                break;
            }
            groups.add(asApiGroup(group, rules));
        }
        if (!started) {
            throw ApiException.badParameter(
                    "group_next_token", "invalid group_next_token '" + token + "'. were rule groups changed?");
        }
        return Envelope.of(new Groups(groups, nextToken));
    }

    private static int groupLimit(ApiParameters parameters) {
        String text = parameters.text("group_limit");
        if (text.isEmpty()) {
            if (!parameters.text("group_next_token").isEmpty()) {
                throw ApiException.badParameter(
                        "group_limit", "group_limit needs to be present in order to paginate over the groups");
            }
            return 0;
        }
        int limit = parameters.limit("group_limit");
        if (limit == 0) {
            throw ApiException.badParameter("group_limit", "group_limit needs to be greater than 0");
        }
        return limit;
    }

    private Predicate<RuleStates.Rule> wanted(ApiParameters parameters, String type) {
        List<String> names = parameters.all("rule_name[]");
        List<List<Matcher>> selectors = SeriesResource.selectors(services, parameters);
        return rule -> (type.isEmpty() || type.equals("alert") == rule instanceof RuleStates.Alerting)
                && isAmong(names, rule.name())
                && (selectors.isEmpty() || matchesAny(selectors, rule.labels()));
    }

    private static boolean matchesAny(List<List<Matcher>> selectors, Labels labels) {
        for (List<Matcher> matchers : selectors) {
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAmong(List<String> wanted, String name) {
        return wanted.isEmpty() || wanted.contains(name);
    }

    private static Group asApiGroup(RuleStates.Group group, List<Object> rules) {
        return new Group(
                group.name(),
                group.file(),
                group.intervalMs() / 1000.0,
                group.limit(),
                rules,
                group.evaluationSeconds(),
                ApiTime.format(group.lastEvaluationMs()));
    }

    private static String token(RuleStates.Group group) {
        try {
            byte[] name = (group.file() + ";" + group.name()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
