package org.narthex.tsdb.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.StorageConfig.Downsampling;
import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;

class PolicyFilterTest {
    private static final RetentionPolicy KEEP =
            new RetentionPolicy(List.of(Matcher.equal("job", "a")), OptionalLong.of(100), List.of());
    private static final RetentionPolicy COARSE = new RetentionPolicy(
            List.of(Matcher.of(Matcher.Type.REGEX, "job", "a|b")),
            OptionalLong.empty(),
            List.of(new Downsampling(100, 10), new Downsampling(200, 50)));

    private static List<Long> left(RetentionPolicy policy, long newest, long... times) {
        SampleBuffer samples = new SampleBuffer();
        for (long time : times) {
            samples.add(time, (double) time);
        }
        new PolicyFilter(List.of(policy), newest).apply(policy, samples);
        List<Long> left = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            assertThat(samples.values()[i]).isEqualTo((double) samples.timestampsMs()[i]);
            left.add(samples.timestampsMs()[i]);
        }
        return left;
    }

    @Test
    void dropsWhatIsOlderThanKept() {
        assertThat(left(KEEP, 1000, 1, 899, 900, 901, 1000)).containsExactly(900L, 901L, 1000L);
    }

    @Test
    void keepsTheLastOfEachWindowThatLiesBehindItsAge() {
        // Windows of 10 up to 900, of 50 up to 800; the window that begins at 900 is not wholly old enough.
        assertThat(left(COARSE, 1000, 700, 749, 750, 790, 799, 800, 809, 890, 899, 900, 901, 909, 910, 1000))
                .containsExactly(749L, 799L, 809L, 899L, 900L, 901L, 909L, 910L, 1000L);
    }

    @Test
    void keepsAStalenessMarkerThatIsTheLast() {
        SampleBuffer samples = new SampleBuffer();
        samples.add(801, 1);
        samples.add(805, StaleNaN.VALUE);
        samples.add(813, StaleNaN.VALUE);
        samples.add(815, 2);
        new PolicyFilter(List.of(COARSE), 1000).apply(COARSE, samples);
        assertThat(samples.size()).isEqualTo(2);
        assertThat(StaleNaN.is(samples.values()[0])).isTrue();
        assertThat(samples.values()[1]).isEqualTo(2);
    }

    @Test
    void isTheSameWhenAppliedAgain() {
        RetentionPolicy policy = COARSE;
        List<Long> once = left(policy, 1000, 700, 749, 750, 790, 799, 800, 809);
        assertThat(left(policy, 1000, once.stream().mapToLong(Long::longValue).toArray()))
                .isEqualTo(once);
    }

    @Test
    void takesTheFirstPolicyThatMatches() {
        PolicyFilter filter = new PolicyFilter(List.of(KEEP, COARSE), 1000);
        assertThat(filter.policy(Labels.of("job", "a"))).contains(KEEP);
        assertThat(filter.policy(Labels.of("job", "b"))).contains(COARSE);
        assertThat(filter.policy(Labels.of("job", "c"))).isEmpty();
    }

    @Test
    void namesTheStepsThatABlockIsWhollySubjectTo() {
        PolicyFilter filter = new PolicyFilter(List.of(KEEP, COARSE), 1000);
        assertThat(filter.steps(901)).isEmpty();
        assertThat(filter.steps(900)).hasSize(2).anyMatch(step -> step.endsWith(" keep 100ms"));
        assertThat(filter.steps(801)).hasSize(2);
        assertThat(filter.steps(800)).hasSize(3).anyMatch(step -> step.endsWith(" every 50ms after 200ms"));
        // The same step of a policy is another one where another policy stands before it.
        assertThat(new PolicyFilter(List.of(COARSE), 1000).steps(800)).doesNotContainAnyElementsOf(filter.steps(800));
    }
}
