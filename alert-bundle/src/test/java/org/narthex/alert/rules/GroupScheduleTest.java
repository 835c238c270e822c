package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.HandOverQueue;

class GroupScheduleTest {
    @Test
    void keepsItsPhaseWhateverTheStart() {
        GroupSchedule schedule = GroupSchedule.of("a.yml", "g", 15_000);
        assertThat(schedule.offsetMs()).isBetween(0L, 14_999L);
        for (long now = 1_700_000_000_000L; now < 1_700_000_060_000L; now += 777) {
            long next = schedule.pointAfter(now);
            assertThat(next).isGreaterThan(now).isLessThanOrEqualTo(now + 15_000);
            assertThat(next % 15_000).isEqualTo(schedule.offsetMs());
        }
    }

    @Test
    void spreadsGroupsOverTheInterval() {
        long halves = 0;
        for (int i = 0; i < 1000; i++) {
            halves += GroupSchedule.of("rules.yml", "group-" + i, 60_000).offsetMs() < 30_000 ? 1 : 0;
        }
        assertThat(halves).isBetween(400L, 600L);
    }

    @Test
    void skipsAndCountsPointsThatPassedDuringAnEvaluation() {
        RuleGroupEvaluation group = new RuleGroupEvaluation(
                new RuleGroup("a.yml", "g", 10_000, 0, 0, List.of()),
                new RuleGroupEvaluation.Surroundings(
                        Optional::empty, Optional::empty, new HandOverQueue(Optional::empty, 0), alerts -> {}, null),
                Labels.EMPTY,
                false);
        GroupSchedule schedule = GroupSchedule.of("a.yml", "g", 10_000);
        long start = schedule.pointAfter(1_000_000);
        GroupLoop inTime = new GroupLoop(group, null, () -> Instant.ofEpochMilli(start + 4_000));
        assertThat(inTime.next(start)).isEqualTo(start + 10_000);
        assertThat(group.counters().missed()).isZero();
        GroupLoop late = new GroupLoop(group, null, () -> Instant.ofEpochMilli(start + 35_000));
        assertThat(late.next(start)).isEqualTo(start + 30_000);
        assertThat(group.counters().missed()).isEqualTo(2);
    }
}
