package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.scrape.TargetGroup;

/** Discovery by an API whose answers are damaged. */
public final class DamagedAnswers {
    private static final int ROUNDS = 100;

    private DamagedAnswers() {}

    /** Asks over and over: each time there are groups, or it is said why not; and once answers are sound again, so are the groups. */
    public static void areTakenOrRefused(FakeApi api, RefreshingProvider.Source source) throws Exception {
        List<TargetGroup> sound = source.fetch();
        int refused = 0;
        Damage damage = new Damage();
        int rounds = Damage.rounds(ROUNDS);
        for (int round = 0; round < rounds; round++) {
            String what = "seed " + Damage.seed() + ", round " + round;
            api.damage(damage);
            try {
                assertThat(source.fetch()).as(what).isNotNull();
            } catch (IOException e) {
                assertThat(e.getMessage()).as(what).isNotBlank();
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what + ": " + api.lastDamaged(), e);
            }
        }
        api.sound();
        assertThat(source.fetch()).isEqualTo(sound);
        assertThat(refused).as("some damage shows").isPositive();
    }
}
