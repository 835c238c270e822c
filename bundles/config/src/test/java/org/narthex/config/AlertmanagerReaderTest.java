package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.ConfigException;
import org.narthex.api.model.Matcher;

class AlertmanagerReaderTest {
    private static AlertingConfig read(String yaml) throws ConfigException {
        return new AlertmanagerReader(new Diagnostics()).read(Texts.node(yaml));
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
                          email_configs: [{to: me}]
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

    @Test
    void readsListsOfMatchers() {
        assertThat(MatcherParser.parse("{a=\"x,y\", b!~z.*}"))
                .containsExactly(Matcher.equal("a", "x,y"), Matcher.of(Matcher.Type.NOT_REGEX, "b", "z.*"));
        assertThat(MatcherParser.parse("\"a b\" != c")).containsExactly(Matcher.of(Matcher.Type.NOT_EQUAL, "a b", "c"));
        assertThatThrownBy(() -> MatcherParser.parse("a")).hasMessageContaining("expected one of = != =~ !~");
        assertThatThrownBy(() -> MatcherParser.parse("a=~\"(\"")).hasMessageContaining("invalid regular expression");
    }
}
