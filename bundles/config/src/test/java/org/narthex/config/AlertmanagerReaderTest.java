package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.TimeInterval;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

class AlertmanagerReaderTest {
    private static AlertingConfig read(String yaml) throws ConfigException {
        return new AlertmanagerReader(Path.of("alertmanager.yml"), new Diagnostics()).read(Texts.node(yaml));
    }

    @Test
    void inheritsWhatARouteDoesNotSay() throws ConfigException {
        Route root = read("""
                        route:
                          receiver: a
                          group_by: [alertname]
                          group_wait: 1s
                          routes:
                          - matchers: ['severity = "page"', team=~"x|y"]
                            receiver: b
                            continue: true
                            routes:
                            - match: {owner: z}
                              group_by: ['...']
                        receivers: [{name: a}, {name: b}]
                        """).root();
        assertThat(root.groupIntervalMs()).isEqualTo(300_000);
        assertThat(root.repeatIntervalMs()).isEqualTo(14_400_000);
        Route child = root.routes().get(0);
        assertThat(child.receiver()).isEqualTo("b");
        assertThat(child.groupBy()).containsExactly("alertname");
        assertThat(child.groupWaitMs()).isEqualTo(1_000);
        assertThat(child.continueMatching()).isTrue();
        assertThat(child.matchers())
                .containsExactly(Matcher.equal("severity", "page"), Matcher.of(Matcher.Type.REGEX, "team", "x|y"));
        Route grandchild = child.routes().get(0);
        assertThat(grandchild.receiver()).isEqualTo("b");
        assertThat(grandchild.groupByAll()).isTrue();
        assertThat(grandchild.groupBy()).isEmpty();
        assertThat(grandchild.continueMatching()).isFalse();
        assertThat(grandchild.matchers()).containsExactly(Matcher.equal("owner", "z"));
    }

    @Test
    void knowsWhichChannelsTellOfResolvedAlerts() throws ConfigException {
        AlertingConfig config = read("""
                        route: {receiver: a}
                        receivers:
                        - name: a
                          webhook_configs: [{url: 'http://x/'}, {url: 'http://y/', send_resolved: false}]
                          email_configs: [{to: me, from: us@x, smarthost: 'mail:25'}]
                          pigeon_configs: [{loft: north}]
                        """);
        assertThat(config.receivers().get("a").sections())
                .extracting(section -> section.type() + " " + section.sendResolved())
                .containsExactly("webhook true", "webhook false", "email false", "pigeon true");
        assertThat(config.resolveTimeoutMs()).isEqualTo(300_000);
    }

    @Test
    void refusesAMisspeltChannel() {
        assertThatThrownBy(() -> read("route: {receiver: a}\nreceivers:\n- name: a\n  webhok_configs: []\n"))
                .hasMessage("test.yml:4: unknown key webhok_configs in receivers[0], did you mean webhook_configs?");
    }

    @Test
    void refusesAnUndefinedReceiver() {
        assertThatThrownBy(() -> read("route:\n  receiver: b\nreceivers: [{name: a}]\n"))
                .hasMessage("test.yml:2: route.receiver: undefined receiver \"b\" used in route");
    }

    private static String content(ConfigNode node, String... keys) throws ConfigException {
        Map<String, ConfigNode> some = new LinkedHashMap<>();
        for (String key : keys) {
            node.get(key).ifPresent(value -> some.put(key, value));
        }
        return ConfigNode.mapping("", 0, "", some).content();
    }

    @Test
    void fillsInTheTemplatesThatAreUsedUnlessToldOtherwise() throws ConfigException {
        AlertingConfig config = read("""
                        route: {receiver: a}
                        receivers:
                        - name: a
                          pagerduty_configs: [{routing_key: k, client: me, details: {firing: many, floor: 3}}]
                          pushover_configs: [{user_key: u, token: t, title: ''}]
                        """);
        ConfigNode pager = config.receivers().get("a").sections().get(0).node();
        assertThat(content(pager, "description", "source", "severity"))
                .isEqualTo("{description:\"{{ template \\\"pagerduty.default.description\\\" . }}\","
                        + "source:\"me\",severity:\"error\"}");
        assertThat(pager.stringMap("details"))
                .containsEntry("firing", "many")
                .containsEntry("floor", "3")
                .containsEntry("num_resolved", "{{ .Alerts.Resolved | len }}");
        ConfigNode pushover = config.receivers().get("a").sections().get(1).node();
        assertThat(content(pushover, "title", "retry", "expire"))
                .as("a text that is given empty stays so")
                .isEqualTo("{title:\"\",retry:\"1m\",expire:\"1h\"}");
    }

    @Test
    void fillsSectionsFromTheGlobalOne() throws ConfigException {
        AlertingConfig config = read("""
                        global:
                          slack_api_url: https://hooks.slack.example/a
                          http_config: {proxy_url: 'http://proxy:3128'}
                          opsgenie_api_key: secret
                        route: {receiver: a}
                        receivers:
                        - name: a
                          slack_configs: [{channel: x}, {channel: y, api_url: 'https://hooks.slack.example/b'}]
                          opsgenie_configs: [{http_config: {follow_redirects: false}}]
                        """);
        assertThat(config.receivers().get("a").sections())
                .extracting(section -> content(section.node(), "channel", "api_url", "http_config", "api_key"))
                .containsExactly(
                        "{channel:\"x\",api_url:\"https://hooks.slack.example/a\",http_config:{proxy_url:\"http://proxy:3128\"}}",
                        "{channel:\"y\",api_url:\"https://hooks.slack.example/b\",http_config:{proxy_url:\"http://proxy:3128\"}}",
                        "{api_url:\"https://api.opsgenie.com/\",http_config:{follow_redirects:\"false\"},api_key:\"secret\"}");
    }

    @Test
    void showsOfAWebhooksUrlWhereItGoesAlone() throws ConfigException {
        String shown = read("""
                        route: {receiver: a}
                        receivers:
                        - name: a
                          webhook_configs:
                          - url: http://u:p@host:80/token/x?y=z
                          - url: https://host?token=x
                          - url: 'http://{{ .CommonLabels.x }}/token'
                        """).yaml();
        assertThat(shown)
                .contains("url: http://host:80/<secret>\n", "url: https://host/<secret>\n", "url: <secret>\n")
                .doesNotContain("token", "u:p");
    }

    @Test
    void readsInhibitionAndTimes() throws ConfigException {
        AlertingConfig config = read("""
                        route:
                          receiver: a
                          labels: {team: x}
                          routes:
                          - {matchers: [b=c], mute_time_intervals: [night], labels: {pager: '1'}}
                        inhibit_rules:
                        - {name: n, source_match: {severity: page}, target_matchers: ['severity=~warn.*'], equal: [job]}
                        time_intervals:
                        - {name: night, time_intervals: [{times: [{start_time: '22:00', end_time: '24:00'}]}]}
                        receivers: [{name: a, labels: {kind: heartbeat}}]
                        """);
        assertThat(config.inhibitRules())
                .containsExactly(new AlertingConfig.InhibitRule(
                        "n",
                        List.of(Matcher.equal("severity", "page")),
                        List.of(Matcher.of(Matcher.Type.REGEX, "severity", "warn.*")),
                        List.of("job")));
        assertThat(config.timeIntervals().get("night"))
                .extracting(TimeInterval::times)
                .containsExactly(List.of(new TimeInterval.Range(22 * 60, 24 * 60)));
        Route child = config.root().routes().get(0);
        assertThat(child.muteTimeIntervals()).containsExactly("night");
        assertThat(child.labels()).isEqualTo(Labels.of("pager", "1", "team", "x"));
        assertThat(config.receivers().get("a").labels()).isEqualTo(Labels.of("kind", "heartbeat", "name", "a"));
    }

    @Test
    void readsFilesOfTemplates(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("one.tmpl"), "{{ define \"a\" }}x{{ end }}");
        AlertingConfig config = new AlertmanagerReader(folder.resolve("alertmanager.yml"), new Diagnostics())
                .read(Texts.node("route: {receiver: a}\nreceivers: [{name: a}]\ntemplates: ['*.tmpl', 'none/*']\n"));
        assertThat(config.templates())
                .containsExactly(new AlertingConfig.TemplateFile(
                        folder.resolve("one.tmpl").toString(), "{{ define \"a\" }}x{{ end }}"));
    }
}
