package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

class SilenceLimitsTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir
    Path folder;

    private AlertDatabase database;
    private Silences silences;

    @BeforeEach
    void open() {
        database = new AlertDatabase(folder.resolve("alerts.db"));
        database.open();
        silences = new Silences(database, new DispatchSettings(0, 0, 2, 200, 0, false, 0));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Silence silence(String id, String comment) {
        List<Matcher> which = List.of(Matcher.equal("alertname", "Down"));
        return new Silence(id, which, NOW_MS, NOW_MS + 60_000, NOW_MS, "ann", comment, Labels.EMPTY);
    }

    @Test
    void refusesOneTooMany() {
        String first = silences.put(silence("", "one"), NOW_MS);
        silences.put(silence("", "two"), NOW_MS);
        assertThatThrownBy(() -> silences.put(silence("", "three"), NOW_MS))
                .hasMessage("exceeded maximum number of silences: 2 (limit: 2)");
        assertThat(silences.put(silence(first, "changed"), NOW_MS))
                .as("a change is none more")
                .isEqualTo(first);
        silences.expire(first, NOW_MS + 1);
        assertThatThrownBy(() -> silences.put(silence("", "three"), NOW_MS + 1))
                .as("those that are over count as long as they are kept")
                .isInstanceOf(IllegalArgumentException.class);
        silences.forgetExpired(NOW_MS + 2);
        silences.put(silence("", "three"), NOW_MS + 2);
    }

    @Test
    void refusesOneThatIsTooLarge() {
        assertThatThrownBy(() -> silences.put(silence("", "x".repeat(200)), NOW_MS))
                .hasMessageMatching("silence exceeded maximum size: \\d+ bytes \\(limit: 200 bytes\\)");
    }
}
