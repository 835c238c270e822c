package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alertmanager.PostedAlert;
import org.narthex.api.model.Labels;

class BuiltInAlertmanagerTest {
    private static final long NOW_MS = 1_000;

    /** What Alertmanager makes of it. */
    @ParameterizedTest
    @CsvSource({
        // posted: start, end; then: start, end, valid until
        "0, 0, 1000, 0, 0",
        "0, 900, 900, 900, 900",
        "0, 5000, 5000, 0, 5000",
        "700, 0, 700, 0, 0",
        "700, 900, 700, 900, 900",
        "700, 5000, 700, 0, 5000",
        "2000, 5000, 2000, 0, 5000"
    })
    void postedAlertsHaveABeginning(long startsAt, long endsAt, long start, long end, long validUntil) {
        PostedAlert posted = new PostedAlert(Labels.of("alertname", "a"), Labels.EMPTY, startsAt, endsAt, "");
        RaisedAlert raised = BuiltInAlertmanager.raised(posted, NOW_MS);
        assertThat(raised.alert().startsAtMs()).isEqualTo(start);
        assertThat(raised.alert().endsAtMs()).isEqualTo(end);
        assertThat(raised.validUntilMs()).isEqualTo(validUntil);
    }
}
