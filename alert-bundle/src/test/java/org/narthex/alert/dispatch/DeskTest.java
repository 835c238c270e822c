package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.alert.AlertDesk.Event;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.AlertDesk.RecurringSilence;
import org.narthex.api.config.TimeInterval;
import org.narthex.api.model.Matcher;

class DeskTest extends LoopTesting {
    private List<String> history(String subject) {
        List<Event> events = ask(dispatcher -> dispatcher.history().find(subject, List.of(), 0, Long.MAX_VALUE, 100));
        return events.stream()
                .map(event -> (event.atMs() - START) / SECOND + " " + event.kind() + " " + event.receiver() + "|"
                        + event.who() + "|" + event.text())
                .toList();
    }

    private void acknowledge(long forMs, long resolveAfterMs) {
        ask(dispatcher ->
                dispatcher.deskWork().acknowledge(DOWN, "ann", "on it", nowMs + forMs, resolveAfterMs, nowMs));
    }

    @Test
    void doesNotRepeatWhatSomebodyLooksAfter() throws IOException {
        raise("Down", 0);
        pass(MINUTE);
        acknowledge(10 * HOUR, 0);
        kill();
        pass(9 * HOUR);
        assertThat(delivered).as("said once, though 4 h are the interval").containsExactly("firing Down+");
        pass(5 * HOUR);
        assertThat(delivered).as("the acknowledgement ran out").containsExactly("firing Down+", "firing Down+");
    }

    @Test
    void tellsNewsInSpiteOfAnAcknowledgement() {
        raise("Down", 0);
        pass(MINUTE);
        acknowledge(DAY, 0);
        raise("Slow", 0);
        pass(5 * MINUTE);
        assertThat(delivered).containsExactly("firing Down+", "firing Down+ Slow+");
        raise("Slow", nowMs);
        pass(5 * MINUTE);
        raise("Down", nowMs);
        pass(5 * MINUTE);
        assertThat(delivered)
                .containsExactly("firing Down+", "firing Down+ Slow+", "firing Down+ Slow-", "resolved Down-");
        List<Acknowledgement> left = ask(dispatcher -> dispatcher.desk().inForce(nowMs));
        assertThat(left).as("that is over, too").isEmpty();
    }

    @Test
    void repeatsOnceAnAcknowledgementIsTakenBack() {
        raise("Down", 0);
        pass(MINUTE);
        acknowledge(DAY, 0);
        int taken = ask(dispatcher -> dispatcher.deskWork().unacknowledge(DOWN, "bob", nowMs));
        assertThat(taken).isEqualTo(1);
        pass(5 * HOUR);
        assertThat(delivered).hasSize(2);
    }

    @Test
    void resolvesAnAcknowledgedAlertThatIsSilentForSoLong() {
        raise("Down", 0);
        pass(MINUTE);
        acknowledge(DAY, 20 * MINUTE);
        pass(10 * MINUTE);
        raise("Down", 0);
        pass(19 * MINUTE);
        assertThat(delivered).containsExactly("firing Down+");
        pass(10 * MINUTE);
        assertThat(delivered).containsExactly("firing Down+", "resolved Down-");
    }

    @Test
    void tellsASnoozedAlertAnewAfterwards() throws IOException {
        raise("Down", 0);
        pass(MINUTE);
        List<String> ids = ask(dispatcher -> dispatcher.deskWork().snooze(DOWN, "ann", "later", nowMs + HOUR, nowMs));
        kill();
        pass(59 * MINUTE);
        assertThat(ask(dispatcher -> dispatcher.alertStates(nowMs)).get(0).silencedBy())
                .isEqualTo(ids);
        assertThat(delivered).hasSize(1);
        pass(10 * MINUTE);
        assertThat(delivered).containsExactly("firing Down+", "firing Down+");
    }

    @Test
    void endsAnAlertByHand() {
        raise("Down", 0);
        pass(MINUTE);
        int ended = ask(dispatcher -> dispatcher.deskWork().end(DOWN, "ann", "was a test", nowMs));
        assertThat(ended).isEqualTo(1);
        pass(5 * MINUTE);
        assertThat(delivered).containsExactly("firing Down+", "resolved Down-");
        raise("Down", 0);
        pass(MINUTE);
        pass(5 * MINUTE);
        assertThat(delivered).as("raised again it fires anew").hasSize(3);
    }

    @Test
    void saysWhenNothingMatches() {
        assertThatThrownBy(() -> ask(dispatcher -> dispatcher.deskWork().end(DOWN, "ann", "", nowMs)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("no firing alert matches");
    }

    @Test
    void silencesAgainAndAgain() throws IOException {
        // START is 22:13:20 UTC.
        TimeInterval late = new TimeInterval(
                List.of(new TimeInterval.Range(22 * 60, 23 * 60)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ZoneOffset.UTC);
        String id = ask(dispatcher ->
                dispatcher.silences().put(new RecurringSilence("", DOWN, late, "ann", "backup", 0), nowMs));
        kill();
        raise("Down", 0);
        pass(40 * MINUTE);
        assertThat(delivered).isEmpty();
        assertThat(ask(dispatcher -> dispatcher.alertStates(nowMs)).get(0).silencedBy())
                .containsExactly(id);
        pass(20 * MINUTE);
        assertThat(delivered).as("it is past eleven").containsExactly("firing Down+");
        pass(Instant.parse("2023-11-15T22:30:00Z").toEpochMilli() - nowMs);
        assertThat(ask(dispatcher -> dispatcher.alertStates(nowMs)).get(0).silencedBy())
                .containsExactly(id);
        ask(dispatcher -> {
            dispatcher.silences().removeRecurring(id);
            return id;
        });
        assertThat(ask(dispatcher -> dispatcher.alertStates(nowMs)).get(0).silencedBy())
                .isEmpty();
        assertThatThrownBy(() -> ask(dispatcher -> dispatcher
                        .silences()
                        .put(
                                new RecurringSilence(
                                        "", List.of(Matcher.of(Matcher.Type.REGEX, "a", ".*")), late, "", "", 0),
                                nowMs)))
                .hasMessageContaining("at least one matcher must not match the empty string");
    }

    @Test
    void knowsWhatBecameOfEverything() throws IOException {
        refusal = "mail.example answered 451";
        raise("Down", 0);
        pass(30 * SECOND);
        refusal = "";
        pass(10 * SECOND);
        acknowledge(HOUR, 0);
        kill();
        raise("Down", nowMs);
        pass(5 * MINUTE);
        String fingerprint = ask(dispatcher -> dispatcher.history().find("", DOWN, 0, Long.MAX_VALUE, 100))
                .get(0)
                .subject();
        assertThat(history(fingerprint)).containsExactly("40 RESOLVED ||", "40 ACKNOWLEDGED |ann|on it", "0 FIRING ||");
        String alert = "{alertname=\"Down\", job=\"api\"}";
        assertThat(history("{}:{job=\"api\"}"))
                .containsExactly(
                        "40 DELIVERED team/test[0]||",
                        "40 NOTIFICATION team/test[0]||all alerts resolved: resolved " + alert,
                        "31 DELIVERED team/test[0]||",
                        "30 FAILED team/test[0]||mail.example answered 451",
                        "30 NOTIFICATION team/test[0]||first notification: firing " + alert);
        assertThat(ask(dispatcher ->
                                dispatcher.history().find("", List.of(), START + 30 * SECOND, START + 31 * SECOND, 2))
                        .stream()
                        .map(Event::kind))
                .containsExactly(Kind.DELIVERED, Kind.FAILED);
        pass(3 * DAY);
        assertThat(history("")).as("kept for two days").isEmpty();
    }
}
