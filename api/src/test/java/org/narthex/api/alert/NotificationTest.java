package org.narthex.api.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;

class NotificationTest {
    private static Alert alert(long endsAtMs, String... labels) {
        return new Alert(Labels.of(labels), Labels.of("summary", "s", "host", labels[1]), 1, endsAtMs, "");
    }

    @Test
    void commonLabelsAreThoseAllAlertsShare() {
        Notification notification = new Notification(
                "team",
                "{}:{}",
                Labels.EMPTY,
                List.of(alert(0, "h", "a", "job", "x"), alert(5, "h", "b", "job", "x")),
                "");
        assertThat(notification.commonLabels()).isEqualTo(Labels.of("job", "x"));
        assertThat(notification.commonAnnotations()).isEqualTo(Labels.of("summary", "s"));
        assertThat(notification.isResolved()).isFalse();
    }

    @Test
    void isResolvedWhenAllAlertsAre() {
        assertThat(new Notification("team", "", Labels.EMPTY, List.of(alert(5, "h", "a")), "").isResolved())
                .isTrue();
    }
}
