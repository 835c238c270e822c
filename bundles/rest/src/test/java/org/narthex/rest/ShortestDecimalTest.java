package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;

import org.junit.jupiter.api.Test;

class ShortestDecimalTest {
    private final ShortestDecimal decimal = new ShortestDecimal();

    /** By trial: the nearest decimal of ever more digits, until one reads back. */
    private static BigDecimal expected(double value) {
        for (int precision = 1; ; precision++) {
            BigDecimal nearest = new BigDecimal(value).round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (nearest.doubleValue() == value) {
                return nearest;
            }
        }
    }

    private void assertShortest(double value) {
        if (decimal.find(value)) {
            BigDecimal found = BigDecimal.valueOf(decimal.digits(), decimal.decimals());
            assertEquals(0, expected(value).compareTo(found), () -> value + " gives " + found);
        } else {
            assertEquals(0, Double.doubleToRawLongBits(value) & ((1L << 52) - 1), () -> value + " is not found");
        }
    }

    @Test
    void findsTheShortestOfRandomValues() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 30_000; i++) {
            assertShortest(Math.pow(10, random.nextDouble() * 21 - 6));
            assertShortest(Math.max(ShortestDecimal.MIN, random.nextDouble()));
            assertShortest(random.nextInt(1_000_000) / 3.0 + 0.1);
            assertShortest((1 + random.nextInt(1_000_000_000)) / Math.pow(10, random.nextInt(7)));
        }
    }

    @Test
    void findsTheShortestAroundPowersOfTwoAndTen() {
        for (int e = -19; e < 50; e++) {
            double power = Math.scalb(1.0, e);
            assertShortest(power);
            assertShortest(Math.nextUp(power));
            assertShortest(Math.nextDown(power));
        }
        for (int e = -6; e < 15; e++) {
            double power = Math.pow(10, e);
            assertShortest(Math.nextUp(power));
            assertShortest(e == -6 ? power : Math.nextDown(power));
        }
        assertShortest(Math.nextDown(ShortestDecimal.MAX));
    }

    @Test
    void endsWithoutZeros() {
        assertTrue(decimal.find(2.5));
        assertEquals(25, decimal.digits());
        assertEquals(1, decimal.decimals());
        assertTrue(decimal.find(1.25e-6));
        assertEquals(125, decimal.digits());
        assertEquals(8, decimal.decimals());
    }
}
