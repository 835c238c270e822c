package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

class RouteNodeTest {
    private static Route route(String receiver, boolean continues, List<Matcher> matchers, Route... children) {
        return new Route(receiver, List.of("job"), false, 0, 1, 1, matchers, continues, List.of(children));
    }

    private final RouteNode root = RouteNode.root(route(
            "default",
            false,
            List.of(),
            route(
                    "team-a",
                    false,
                    List.of(Matcher.equal("owner", "a"), Matcher.of(Matcher.Type.NOT_EQUAL, "level", "none")),
                    route("a-prod", true, List.of(Matcher.equal("env", "prod"))),
                    route("a-produ", false, List.of(Matcher.of(Matcher.Type.REGEX, "env", "prod.*"))),
                    route("a-any", false, List.of())),
            route("team-b", false, List.of(Matcher.of(Matcher.Type.REGEX, "owner", "b|c")))));

    private List<String> receivers(String... labels) {
        return root.match(Labels.of(labels)).stream()
                .map(node -> node.route().receiver())
                .toList();
    }

    @Test
    void takesTheDeepestNodeThatMatches() {
        assertThat(receivers("owner", "x")).containsExactly("default");
        assertThat(receivers("owner", "c")).containsExactly("team-b");
        assertThat(receivers("owner", "a", "env", "test")).containsExactly("a-any");
        assertThat(receivers("owner", "a", "level", "none")).containsExactly("default");
    }

    @Test
    void goesOnAfterAMatchOnlyWhereToldTo() {
        assertThat(receivers("owner", "a", "env", "prod")).containsExactly("a-prod", "a-produ");
    }

    @Test
    void writesKeysAsAlertmanagerDoes() {
        RouteNode node =
                root.match(Labels.of("owner", "a", "env", "production")).get(0);
        assertThat(node.key()).isEqualTo("{}/{level!=\"none\",owner=\"a\"}/{env=~\"prod.*\"}");
        assertThat(node.groupKey(node.groupLabels(Labels.of("job", "x", "owner", "a"))))
                .isEqualTo("{}/{level!=\"none\",owner=\"a\"}/{env=~\"prod.*\"}:{job=\"x\"}");
        assertThat(root.groupKey(Labels.EMPTY)).isEqualTo("{}:{}");
    }
}
