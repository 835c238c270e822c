package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.AlertDesk;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

class AlertDeskResourceTest {
    private static final long NOW = TestApi.CLOCK.millis();
    private static final Labels DOWN = Labels.of("alertname", "Down");

    private final List<String> calls = new ArrayList<>();
    private final TestApi api;
    private boolean on = true;

    /** Notes what it is asked. */
    private final class FakeDesk implements AlertDesk {
        private final List<RecurringSilence> recurring = new ArrayList<>();

        @Override
        public List<Acknowledgement> acknowledgements() {
            return List.of(new Acknowledgement(DOWN, "ann", "on it", NOW, NOW + 60_000, 0));
        }

        @Override
        public List<Acknowledgement> acknowledge(
                List<Matcher> which, String by, String comment, long untilMs, long resolveAfterMs) {
            if (which.get(0).value().equals("None")) {
                throw new NoSuchElementException("no firing alert matches");
            }
            calls.add("ack " + which + " " + by + " " + comment + " " + (untilMs - NOW) + " " + resolveAfterMs);
            return List.of(new Acknowledgement(DOWN, by, comment, NOW, untilMs, resolveAfterMs));
        }

        @Override
        public int unacknowledge(List<Matcher> which, String by) {
            return 2;
        }

        @Override
        public List<String> snooze(List<Matcher> which, String by, String comment, long untilMs) {
            calls.add("snooze " + which + " " + by + " " + comment + " " + (untilMs - NOW));
            return List.of("id1");
        }

        @Override
        public int end(List<Matcher> which, String by, String comment) {
            calls.add("end " + which + " " + by + " " + comment);
            return 1;
        }

        @Override
        public List<RecurringSilence> recurringSilences() {
            return recurring;
        }

        @Override
        public String put(RecurringSilence draft) {
            recurring.add(new RecurringSilence(
                    "r1", draft.matchers(), draft.when(), draft.by(), draft.comment(), draft.atMs()));
            return "r1";
        }

        @Override
        public void removeRecurring(String id, String by) {
            throw new NoSuchElementException("recurring silence not found");
        }

        @Override
        public List<Event> history(String subject, List<Matcher> which, long fromMs, long toMs, int limit) {
            calls.add("history " + subject + " " + which + " " + fromMs + " " + toMs + " " + limit);
            return List.of(new Event(
                    7, NOW, Kind.DELIVERED, "{}:{}", Labels.of("job", "a"), "", "team/email[0]", "said \"ok\""));
        }
    }

    AlertDeskResourceTest() {
        LiveServices services = Fakes.services();
        services.setAlertDesk(new FakeDesk());
        services.setAlertmanager((Alertmanager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Alertmanager.class}, (proxy, method, arguments) -> on));
        api = new TestApi(services);
    }

    @Test
    void acknowledges() {
        TestApi.Answer answer = api.postForm(
                "alertdesk/acknowledge",
                "filter=alertname%3D%22Down%22&by=ann&comment=on+it&duration=2h&resolve_after=90");
        Json.assertSame(
                "{\"status\":\"success\",\"data\":[{\"labels\":{\"alertname\":\"Down\"},\"by\":\"ann\","
                        + "\"comment\":\"on it\",\"at\":\"2023-11-14T22:13:20.500Z\",\"until\":\"2023-11-15T00:13:20.500Z\","
                        + "\"resolveAfter\":90.0}]}",
                answer.text());
        assertThat(calls).containsExactly("ack [alertname=\"Down\"] ann on it 7200000 90000");
        assertThat(api.get("alertdesk/acknowledgements").text()).contains("\"by\":\"ann\"");
        assertThat(api.postForm("alertdesk/unacknowledge", "filter=a%3Db&by=ann")
                        .text())
                .contains("\"alerts\":2");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(api.postForm("alertdesk/acknowledge", "by=ann&duration=1h").status())
                .isEqualTo(400);
        assertThat(api.postForm("alertdesk/acknowledge", "filter=a%3Db&duration=1h")
                        .text())
                .contains("invalid parameter \\\"by\\\": say who you are");
        assertThat(api.postForm("alertdesk/snooze", "filter=a%3Db&by=ann").status())
                .isEqualTo(400);
        assertThat(api.postForm("alertdesk/acknowledge", "filter=alertname%3DNone&by=ann&duration=1h")
                        .status())
                .isEqualTo(404);
        on = false;
        assertThat(api.get("alertdesk/acknowledgements").text()).contains("the built-in Alertmanager is off");
    }

    @Test
    void snoozesAndEnds() {
        assertThat(api.postForm("alertdesk/snooze", "filter=a%3Db&by=ann&comment=x&duration=1h")
                        .text())
                .contains("\"silenceIDs\":[\"id1\"]");
        assertThat(api.postForm("alertdesk/end", "filter=a%3Db&by=ann&comment=y")
                        .text())
                .contains("\"alerts\":1");
        assertThat(calls).containsExactly("snooze [a=\"b\"] ann x 3600000", "end [a=\"b\"] ann y");
    }

    @Test
    void tellsTheHistory() {
        Json.assertSame(
                "{\"status\":\"success\",\"data\":[{\"id\":7,\"at\":\"2023-11-14T22:13:20.500Z\","
                        + "\"kind\":\"delivered\",\"subject\":\"{}:{}\",\"labels\":{\"job\":\"a\"},\"who\":\"\","
                        + "\"receiver\":\"team/email[0]\",\"text\":\"said \\\"ok\\\"\"}]}",
                api.get("alertdesk/history?subject=s&filter=job%3Da&start=1&end=2&limit=5")
                        .text());
        assertThat(calls).containsExactly("history s [job=\"a\"] 1000 2000 5");
        assertThat(api.get("alertdesk/history?limit=0").status()).isEqualTo(400);
    }

    @Test
    void keepsRecurringSilences() {
        assertThat(api.postForm(
                                "alertdesk/recurring",
                                "filter=job%3Dbackup&by=ann&times=22:00-24:00&times=00:00-04:30&weekdays=monday:friday"
                                        + "&weekdays=sunday&location=Europe/Berlin&comment=nightly")
                        .text())
                .contains("\"silenceIDs\":[\"r1\"]");
        Json.assertSame(
                "{\"status\":\"success\",\"data\":[{\"id\":\"r1\",\"matchers\":[\"job=\\\"backup\\\"\"],"
                        + "\"times\":[\"22:00-24:00\",\"00:00-04:30\"],\"weekdays\":[\"monday:friday\",\"sunday\"],"
                        + "\"location\":\"Europe/Berlin\",\"by\":\"ann\",\"comment\":\"nightly\"}]}",
                api.get("alertdesk/recurring").text());
        for (String bad :
                new String[] {"times=23:00-22:00", "times=x", "weekdays=friday:monday", "weekdays=caturday", ""}) {
            assertThat(api.postForm("alertdesk/recurring", "filter=job%3Dbackup&by=ann&" + bad)
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(api.postForm("alertdesk/recurring/remove", "id=x&by=ann").status())
                .isEqualTo(404);
    }
}
