package org.narthex.api.model;

/** The one NaN that says "this series ends here" (staleness marker); every other NaN is an ordinary value. */
public final class StaleNaN {
    public static final long BITS = 0x7ff0000000000002L;

    /** Compare by {@link #is}, never by {@code ==}. */
    public static final double VALUE = Double.longBitsToDouble(BITS);

    private StaleNaN() {}

    public static boolean is(double value) {
        return Double.isNaN(value) && Double.doubleToRawLongBits(value) == BITS;
    }
}
