package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;

class StandardTemplatesTest {
    /** Where Debian's prometheus-alertmanager keeps its own. */
    private static final Path DEBIAN = Path.of("/usr/share/prometheus/alertmanager/default.tmpl");

    private static final NotificationTemplates OURS = NotificationTemplates.standard(InstantSource.system());
    private static final Alert FIRING = alert("Down", "b", 0);
    private static final Alert RESOLVED = alert("Slow", "a", 1_700_000_060_000L);

    private static Alert alert(String name, String instance, long endsAtMs) {
        return new Alert(
                Labels.of("alertname", name, "instance", instance, "job", "api", "severity", "warning"),
                Labels.of("summary", "all is <lost> & " + name, "team", "x"),
                1_700_000_000_000L,
                endsAtMs,
                "http://narthex.example/graph?g0.expr=up");
    }

    private static List<Notification> notifications() {
        return List.of(
                notification(FIRING),
                notification(RESOLVED),
                notification(FIRING, RESOLVED),
                notification(FIRING, alert("Down", "c", 0)));
    }

    private static Notification notification(Alert... alerts) {
        return new Notification("team a", "{}", Labels.of("job", "api"), List.of(alerts), "http://narthex.example");
    }

    private static String text(NotificationTemplates templates, String name, Notification notification)
            throws TemplateException {
        return templates.text("{{ template \"" + name + "\" . }}", notification, Notification.FIRST, Labels.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__alertmanager",
                "__alertmanagerURL",
                "__subject",
                "__description",
                "slack.default.title",
                "slack.default.titlelink",
                "slack.default.username",
                "slack.default.fallback",
                "slack.default.pretext",
                "slack.default.text",
                "slack.default.footer",
                "pagerduty.default.description",
                "pagerduty.default.client",
                "pagerduty.default.clientURL",
                "opsgenie.default.message",
                "opsgenie.default.description",
                "opsgenie.default.source",
                "wechat.default.message",
                "wechat.default.to_user",
                "victorops.default.state_message",
                "victorops.default.entity_display_name",
                "victorops.default.monitoring_tool",
                "pushover.default.title",
                "pushover.default.message",
                "pushover.default.url",
                "sns.default.subject",
                "sns.default.message",
                "telegram.default.message",
                "discord.default.title",
                "discord.default.message",
                "webex.default.message"
            })
    void giveTheSameTextsAsAlertmanagers(String name) throws IOException, TemplateException {
        assumeTrue(Files.exists(DEBIAN), "Debian's prometheus-alertmanager is not installed");
        NotificationTemplates theirs =
                NotificationTemplates.none(InstantSource.system()).with("theirs", Files.readString(DEBIAN));
        for (Notification notification : notifications()) {
            assertThat(text(OURS, name, notification)).isEqualTo(text(theirs, name, notification));
        }
    }

    @Test
    void listsAlertsAsMarkdownForTeams() throws TemplateException {
        assertThat(text(OURS, "msteamsv2.default.text", notification(FIRING))).isEqualTo("""


                # Alerts Firing:

                Labels:
                  - alertname = Down
                  - instance = b
                  - job = api
                  - severity = warning

                Annotations:
                  - summary = all is <lost> & Down
                  - team = x

                Source: http://narthex.example/graph?g0.expr=up




                """);
    }

    @Test
    void giveJiraThePriorityOfTheWorstAlertThatFires() throws TemplateException {
        assertThat(text(OURS, "jira.default.priority", notification(FIRING))).isEqualTo("Medium");
        assertThat(text(OURS, "jira.default.priority", notification(RESOLVED))).isEqualTo("Medium");
        Alert critical = new Alert(Labels.of("alertname", "X", "severity", "critical"), Labels.EMPTY, 1, 0, "");
        assertThat(text(OURS, "jira.default.priority", notification(critical, FIRING)))
                .isEqualTo("High");
        Alert over = new Alert(critical.labels(), Labels.EMPTY, 1, 2, "");
        assertThat(text(OURS, "jira.default.priority", notification(FIRING, over)))
                .as("what is over counts only if nothing fires")
                .isEqualTo("Medium");
        Alert plain = new Alert(Labels.of("alertname", "X"), Labels.EMPTY, 1, 0, "");
        assertThat(text(OURS, "jira.default.priority", notification(plain))).isEmpty();
    }

    @Test
    void escapeWhatStandsInAnEmail() throws TemplateException {
        String html =
                OURS.html("{{ template \"email.default.html\" . }}", notification(FIRING, RESOLVED), "", Labels.EMPTY);
        assertThat(html)
                .contains("summary = all is &lt;lost&gt; &amp; Down<br>")
                .contains("[1] Firing")
                .contains("[1] Resolved")
                .contains("<a href=\"http://narthex.example/graph?g0.expr=up\"")
                .contains("2 alerts for")
                .doesNotContain("ZgotmplZ");
    }

    @Test
    void yieldToThoseOfFiles() throws TemplateException {
        NotificationTemplates own = OURS.with("own.tmpl", "{{ define \"__subject\" }}mine{{ end }}");
        assertThat(text(own, "slack.default.title", notification(FIRING))).isEqualTo("mine");
    }
}
