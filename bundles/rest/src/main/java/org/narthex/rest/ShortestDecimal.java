package org.narthex.rest;

/**
 * The shortest decimal that reads back as a given double, and of those the nearest: {@code digits} over 10 to the {@code decimals}. Found
 * without allocating, for the range in which sample values are written in plain notation and the arithmetic fits. Holds one result at a time.
 *
 * <p>Decimals of up to 15 digits are all different doubles, so there is at most one, and floating point finds it. Of those with 16 digits the
 * nearest is tried, in exact integers: with {@code value = c * 2^q} the scaled value is {@code c * 5^k * 2^(q+k)}, half the distance to the next
 * double is {@code 5^k / 2} in the unit of {@code c * 5^k}. 17 digits are always enough.
 */
final class ShortestDecimal {
    static final double MIN = 1e-6;
    static final double MAX = 1e15;

    private static final double LOG10_2 = 0.30102999566398120;
    private static final long HIDDEN_BIT = 1L << 52;

    /** How many decimals are tried one by one, since most values that have few have very few. */
    private static final int FEW = 3;

    /** All exact. */
    private static final double[] POWERS_OF_10 = new double[23];

    private static final long[] POWERS_OF_5 = new long[25];

    static {
        double ten = 1;
        for (int i = 0; i < POWERS_OF_10.length; i++) {
            POWERS_OF_10[i] = ten;
            ten *= 10;
        }
        long five = 1;
        for (int i = 0; i < POWERS_OF_5.length; i++) {
            POWERS_OF_5[i] = five;
            five *= 5;
        }
    }

    private long digits;
    private int decimals;

    /** The last digit is not 0, unless there are no decimals. */
    long digits() {
        return digits;
    }

    int decimals() {
        return decimals;
    }

    /**
     * @param value at least {@link #MIN}, less than {@link #MAX}
     * @return whether the decimal was found; it is for all but some powers of two
     */
    boolean find(double value) {
        for (int k = 0; k <= FEW; k++) {
            double scaled = Math.rint(value * POWERS_OF_10[k]);
            if (scaled < MAX && scaled / POWERS_OF_10[k] == value) {
                set((long) scaled, k);
                return true;
            }
        }
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) - 1023;
        int k = 14 - (int) Math.floor(exponent * LOG10_2);
        if (value * POWERS_OF_10[k] >= MAX) {
            k--;
        }
        double scaled = Math.rint(value * POWERS_OF_10[k]);
        if (scaled / POWERS_OF_10[k] == value) {
            set((long) scaled, k);
            return true;
        }
        long c = bits & (HIDDEN_BIT - 1);
        if (c == 0) {
            // The next double below is nearer than the one above.
            return false;
        }
        c |= HIDDEN_BIT;
        return nearest(c, exponent - 52, k + 1, false) || nearest(c, exponent - 52, k + 2, true);
    }

    private boolean nearest(long c, int q, int k, boolean always) {
        int shift = -(q + k);
        long high = Math.multiplyHigh(c, POWERS_OF_5[k]);
        long low = c * POWERS_OF_5[k];
        long whole = (high << (64 - shift)) | (low >>> shift);
        long above = low & ((1L << shift) - 1);
        long below = (1L << shift) - above;
        if (!always && 2 * Math.min(above, below) >= POWERS_OF_5[k]) {
            return false;
        }
        if (above == below) {
            // As far from one as from the other: the even one.
            set(whole + (whole & 1), k);
        } else {
            set(above < below ? whole : whole + 1, k);
        }
        return true;
    }

    private void set(long newDigits, int newDecimals) {
        digits = newDigits;
        decimals = newDecimals;
        while (decimals > 0 && digits % 10 == 0) {
            digits /= 10;
            decimals--;
        }
    }
}
