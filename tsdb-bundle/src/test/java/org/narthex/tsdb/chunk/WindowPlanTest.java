package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;

class WindowPlanTest {
    private static final long SEED = 7;

    @Test
    void isAsCheapAsTheBestOfAllDivisions() {
        Random random = new Random(SEED);
        WindowPlan plan = new WindowPlan();
        long best = 0;
        long found = 0;
        for (int round = 0; round < 150; round++) {
            long[] xors = new long[1 + random.nextInt(300)];
            plan.clear();
            for (int i = 0; i < xors.length; i++) {
                xors[i] = (random.nextLong() >>> random.nextInt(40) | 1) << random.nextInt(24);
                plan.add(xors[i]);
            }
            plan.solve();
            int optimum = optimum(xors);
            int bits = bits(plan, xors);
            assertThat(bits)
                    .as("seed %d, round %d", SEED, round)
                    .isBetween(optimum, optimum + Math.max(2, optimum / 200));
            best += optimum;
            found += bits;
        }
        assertThat(found).isLessThan(best + best / 1000);
    }

    /** Bits of the plan; that each xor fits into its window is checked on the way. */
    private static int bits(WindowPlan plan, long[] xors) {
        int bits = 0;
        for (int i = 0; i < xors.length; i++) {
            int window = plan.window(i);
            assertThat(XorWindow.leading(window)).isBetween(0, 31);
            assertThat(xors[i] >>> XorWindow.trailing(window) << XorWindow.trailing(window))
                    .isEqualTo(xors[i]);
            assertThat(Long.numberOfLeadingZeros(xors[i])).isGreaterThanOrEqualTo(XorWindow.leading(window));
            if (plan.opens(i)) {
                bits += 11;
            } else {
                assertThat(window).isEqualTo(plan.window(i - 1));
            }
            bits += 2 + XorWindow.width(window);
        }
        assertThat(plan.opens(0)).isTrue();
        return bits;
    }

    /** Every run from every xor to every other one. */
    private static int optimum(long[] xors) {
        int[] best = new int[xors.length + 1];
        for (int end = 1; end <= xors.length; end++) {
            best[end] = Integer.MAX_VALUE;
            int leading = 31;
            int trailing = 63;
            for (int start = end - 1; start >= 0; start--) {
                leading = Math.min(leading, Long.numberOfLeadingZeros(xors[start]));
                trailing = Math.min(trailing, Long.numberOfTrailingZeros(xors[start]));
                int run = 11 + (end - start) * (2 + 64 - leading - trailing);
                best[end] = Math.min(best[end], best[start] + run);
            }
        }
        return best[xors.length];
    }
}
