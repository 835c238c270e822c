package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.HandOverQueue;

import net.jpountz.xxhash.XXHashFactory;

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

    /** The sizes of long texts take more bytes, and all of it must fit the layout of the labels {file, name}. */
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 254, 255, 256, 70_000})
    void isThePhaseOfPrometheus(int length) {
        String name = "n".repeat(length);
        byte[] size = length < 255
                ? new byte[] {(byte) length}
                : new byte[] {(byte) 255, (byte) length, (byte) (length >> 8), (byte) (length >> 16)};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("\4file\5a.yml\4name".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(size);
        out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        byte[] labels = out.toByteArray();
        long hash = XXHashFactory.safeInstance().hash64().hash(labels, 0, labels.length, 0);
        assertThat(GroupSchedule.of("a.yml", name, 15_000).offsetMs())
                .isEqualTo(Long.remainderUnsigned(hash, 15_000_000_000L) / 1_000_000);
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
