package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;

/** Kills before, during and after each step of a page's way: none is lost, and a second one only comes of a kill during a delivery. */
class KillMatrixTest extends LoopTesting {
    enum When {
        BEFORE,
        DURING,
        AFTER
    }

    private void killIf(When when, When now) throws IOException {
        if (when == now) {
            kill();
        }
    }

    /** Every wake-up until long after all is said. */
    private void settle() {
        pass(HOUR);
    }

    @ParameterizedTest
    @EnumSource
    void aroundTheGroupsWait(When when) throws IOException {
        raise("Down", 0);
        killIf(when, When.BEFORE);
        pass(15 * SECOND);
        killIf(when, When.DURING);
        pass(MINUTE);
        killIf(when, When.AFTER);
        settle();
        assertThat(delivered).containsExactly("firing Down+");
    }

    @ParameterizedTest
    @EnumSource
    void aroundASend(When when) throws IOException {
        raise("Down", 0);
        nowMs += 31 * SECOND;
        loop.step();
        assertThat(attempts).hasSize(1);
        killIf(when, When.BEFORE);
        loop.step();
        nowMs += 4 * SECOND;
        loop.step();
        attempts.removeFirst().run();
        // The receiver has it, and nobody noted that.
        killIf(when, When.DURING);
        loop.step();
        killIf(when, When.AFTER);
        settle();
        int duplicates = delivered.size() - 1;
        assertThat(delivered).containsOnly("firing Down+");
        assertThat(duplicates).isEqualTo(when == When.DURING ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void aroundARetry(When when) throws IOException {
        refusal = "busy";
        raise("Down", 0);
        nowMs += 31 * SECOND;
        loop.step();
        attempts.removeFirst().run();
        loop.step();
        killIf(when, When.BEFORE);
        refusal = "";
        nowMs += 10 * SECOND;
        loop.step();
        attempts.removeFirst().run();
        killIf(when, When.DURING);
        loop.step();
        killIf(when, When.AFTER);
        settle();
        int duplicates = delivered.size() - 1;
        assertThat(delivered).containsOnly("firing Down+");
        assertThat(duplicates).isEqualTo(when == When.DURING ? 1 : 0);
    }

    @Test
    void whatAChannelNotedIsKnownAfterAKill() throws IOException {
        raise("Down", 0);
        pass(MINUTE);
        kill();
        raise("Slow", 0);
        pass(10 * MINUTE);
        raise("Down", nowMs);
        raise("Slow", nowMs);
        pass(10 * MINUTE);
        assertThat(delivered).containsExactly("firing Down+", "firing Down+ Slow+", "resolved Down- Slow-");
        assertThat(memos).containsExactly("", "I", "II");
    }

    private Silence silence() {
        return new Silence("", DOWN, nowMs, nowMs + DAY, nowMs, "ann", "", Labels.EMPTY);
    }

    @ParameterizedTest
    @EnumSource
    void aroundTheWriteOfASilence(When when) throws IOException {
        raise("Down", 0);
        var answer = loop.ask(dispatcher -> dispatcher.silences().put(silence(), nowMs));
        if (when == When.BEFORE) {
            kill();
            assertThat(answer).as("nobody was told that there is a silence").isNotDone();
            settle();
            assertThat(delivered).as("so the page goes out").containsExactly("firing Down+");
            return;
        }
        loop.step();
        killIf(when, When.DURING);
        assertThat(answer).isCompleted();
        pass(10 * SECOND);
        killIf(when, When.AFTER);
        settle();
        assertThat(delivered).as("what was answered holds").isEmpty();
        pass(DAY);
        assertThat(delivered).as("and nothing is lost when the silence is over").containsExactly("firing Down+");
    }

    @ParameterizedTest
    @EnumSource
    void aroundAnAcknowledgement(When when) throws IOException {
        raise("Down", 0);
        pass(MINUTE);
        assertThat(delivered).hasSize(1);
        var answer =
                loop.ask(dispatcher -> dispatcher.deskWork().acknowledge(DOWN, "ann", "", nowMs + 6 * HOUR, 0, nowMs));
        if (when == When.BEFORE) {
            kill();
            assertThat(answer).isNotDone();
            pass(5 * HOUR);
            assertThat(delivered).as("nobody looks after it, so it is repeated").hasSize(2);
            return;
        }
        loop.step();
        killIf(when, When.DURING);
        assertThat(answer).isCompleted();
        pass(10 * SECOND);
        killIf(when, When.AFTER);
        pass(5 * HOUR);
        assertThat(delivered).hasSize(1);
        pass(2 * HOUR);
        assertThat(delivered).as("the acknowledgement ran out").hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 25})
    void notesOfDeliveriesWaitForOthersOnlyBriefly(long waitedMs) throws IOException {
        raise("Down", "api", 0);
        raise("Full", "db", 0);
        nowMs += 31 * SECOND;
        loop.step();
        assertThat(attempts).hasSize(2);
        attempts.removeFirst().run();
        assertThat(loop.step()).as("while the other one is under way").isLessThanOrEqualTo(nowMs + 25);
        nowMs += waitedMs;
        loop.step();
        kill();
        settle();
        assertThat(delivered).contains("firing Full+");
        assertThat(delivered.stream().filter("firing Down+"::equals))
                .as("one, and one more if it was not noted")
                .hasSize(waitedMs < 25 ? 2 : 1);
    }

    @Test
    void atEveryWakeUpOfALongOutage() throws IOException {
        refusal = "busy";
        raise("Down", 0);
        for (int i = 0; i < 20; i++) {
            pass(10 * SECOND);
            kill();
            nowMs += 4 * SECOND;
            loop.step();
        }
        refusal = "";
        settle();
        assertThat(delivered).containsExactly("firing Down+");
    }
}
