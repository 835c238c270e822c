package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Alertmanager's own cases of routing. */
class RouteConformanceTest {
    private static final Route DEFAULTS =
            new Route("", List.of(), false, 30_000, 300_000, 14_400_000, List.of(), false, List.of());

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> list(Object value) {
        return value == null ? List.of() : (List<T>) value;
    }

    @Test
    void routesAsAlertmanagerDoes() throws IOException {
        Map<String, Object> root = map(Json.conformance("alertmanager", "routes.json"));
        List<Map<String, Object>> cases = list(root.get("cases"));
        assertThat(cases).hasSizeGreaterThanOrEqualTo(24);
        for (Map<String, Object> one : cases) {
            String yaml = (String) map(root.get("configs")).get(one.get("test"));
            Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
            RouteNode tree = RouteNode.root(route(map(read), DEFAULTS));
            Labels.Builder labels = Labels.builder();
            map(one.get("input")).forEach((name, value) -> labels.set(name, (String) value));
            List<String> wanted = new ArrayList<>();
            for (Map<String, Object> route : RouteConformanceTest.<Map<String, Object>>list(one.get("routes"))) {
                wanted.add(route.get("receiver") + " "
                        + RouteConformanceTest.<String>list(route.get("group_by")).stream()
                                .sorted()
                                .toList() + " " + route.get("group_by_all") + " "
                        + route.get("group_wait") + " " + route.get("group_interval") + " "
                        + route.get("repeat_interval") + " " + route.get("key"));
            }
            assertThat(tree.match(labels.build()))
                    .extracting(RouteConformanceTest::text)
                    .containsExactlyElementsOf(wanted);
        }
    }

    private static String text(RouteNode node) {
        Route route = node.route();
        return route.receiver() + " " + route.groupBy().stream().sorted().toList() + " " + route.groupByAll() + " "
                + route.groupWaitMs() / 1_000 + "s " + route.groupIntervalMs() / 1_000 + "s "
                + route.repeatIntervalMs() / 1_000 + "s " + node.key();
    }

    /** The little of the file's reader that these cases need. */
    private static Route route(Map<String, Object> yaml, Route parent) {
        List<Matcher> matchers = new ArrayList<>();
        map(yaml.get("match")).forEach((name, value) -> matchers.add(Matcher.equal(name, (String) value)));
        map(yaml.get("match_re"))
                .forEach((name, value) -> matchers.add(Matcher.of(Matcher.Type.REGEX, name, "^(?:" + value + ")$")));
        RouteConformanceTest.<String>list(yaml.get("matchers"))
                .forEach(text -> matchers.addAll(AlertMatchers.parse(text)));
        List<String> groupBy = yaml.containsKey("group_by") ? list(yaml.get("group_by")) : parent.groupBy();
        boolean all = groupBy.contains("...") || (!yaml.containsKey("group_by") && parent.groupByAll());
        Route node = new Route(
                (String) yaml.getOrDefault("receiver", parent.receiver()),
                all ? List.of() : groupBy,
                all,
                duration(yaml, "group_wait", parent.groupWaitMs()),
                duration(yaml, "group_interval", parent.groupIntervalMs()),
                duration(yaml, "repeat_interval", parent.repeatIntervalMs()),
                matchers,
                Boolean.TRUE.equals(yaml.get("continue")),
                List.of());
        List<Route> children = RouteConformanceTest.<Map<String, Object>>list(yaml.get("routes")).stream()
                .map(child -> route(child, node))
                .toList();
        return new Route(
                node.receiver(),
                node.groupBy(),
                node.groupByAll(),
                node.groupWaitMs(),
                node.groupIntervalMs(),
                node.repeatIntervalMs(),
                node.matchers(),
                node.continueMatching(),
                children);
    }

    private static long duration(Map<String, Object> yaml, String key, long inherited) {
        return yaml.containsKey(key) ? PromDuration.parse((String) yaml.get(key)) : inherited;
    }
}
