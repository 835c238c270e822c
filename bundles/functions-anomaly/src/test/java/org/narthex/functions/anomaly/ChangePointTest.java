package org.narthex.functions.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.narthex.api.query.FunctionPack;

/**
 * The annual flow of the Nile at Aswan, 1871 to 1970, in 10^8 cubic metres (Cobb, "The problem of the Nile", Biometrika 65, 1978; R's data set
 * {@code Nile}): its change after 1898, the 28th year, is the textbook example of a change point. The statistic 1617 and the probability were computed in
 * Python from Pettitt's definition, a double sum of signs.
 */
class ChangePointTest {
    private static final double[] NILE = {
        1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
        1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
        831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865,
        845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050,
        918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740
    };

    @Test
    void findsTheChangeOfTheNile() {
        FunctionPack.Window nile = Given.everyMinute(NILE);
        // The first sample after the change is the 29th, at the 29th minute.
        assertThat(Given.call("change_point", nile, 0.05)).isEqualTo(29 * 60);
        assertThat(Given.call("change_point_shift", nile, 0.05)).isEqualTo(842.5 - 1130);
        assertThat(ChangePoint.probability(nile)).isCloseTo(3.5910221769362927e-07, within(1e-18));
        assertThat(ChangePoint.probability(nile))
                .isCloseTo(2 * Math.exp(-6.0 * 1617 * 1617 / 1_010_000), within(1e-18));
    }

    @Test
    void saysNothingWhereNothingChanged() {
        double[] after = Arrays.copyOfRange(NILE, 28, NILE.length);
        assertThat(Given.isNone(Given.call("change_point", Given.everyMinute(after), 0.05)))
                .isTrue();
        assertThat(Given.isNone(Given.call("change_point_shift", Given.everyMinute(after), 0.05)))
                .isTrue();
        double[] equal = new double[50];
        assertThat(Given.isNone(Given.call("change_point", Given.everyMinute(equal), 1)))
                .isTrue();
        assertThat(Given.isNone(Given.call("change_point", Given.everyMinute(1), 1)))
                .isTrue();
        assertThat(Given.isNone(Given.call("change_point", Given.everyMinute(Double.NaN), 1)))
                .isTrue();
    }

    @Test
    void isNotMovedBySpikes() {
        double[] steps = new double[40];
        Arrays.fill(steps, 25, 40, 10);
        steps[5] = 1e9;
        steps[30] = Double.NEGATIVE_INFINITY;
        assertThat(Given.call("change_point", Given.everyMinute(steps), 0.01)).isEqualTo(26 * 60);
        assertThat(Given.call("change_point_shift", Given.everyMinute(steps), 0.01))
                .isEqualTo(10);
    }

    @Test
    void leavesNanOut() {
        double[] steps = new double[41];
        Arrays.fill(steps, 25, 41, 10);
        steps[25] = Double.NaN;
        assertThat(Given.call("change_point", Given.everyMinute(steps), 0.01)).isEqualTo(27 * 60);
    }

    @Test
    void refusesASignificanceThatIsNone() {
        for (double significance : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThatThrownBy(() -> Given.call("change_point", Given.everyMinute(NILE), significance))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("significance");
        }
    }
}
