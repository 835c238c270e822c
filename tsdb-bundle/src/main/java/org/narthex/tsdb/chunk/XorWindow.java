package org.narthex.tsdb.chunk;

/**
 * Which bits of an xor are written: those between some leading zeros (0 to 31, since five bits tell them) and some trailing ones. As an int, so that
 * none is allocated. Writers choose freely between the window used last, if the bits fit, and a new one, which takes 11 bits more to describe.
 */
final class XorWindow {
    /** Leading zeros that stand for: there is no window yet. */
    static final int NONE = 0xff;

    /** What a new window costs beside its bits, over using one again. */
    static final int OPENING_BITS = 11;

    /**
     * How many bits too wide a window may be and is still used, and how many more than needed a new one is given to cover the last one as well. Found
     * by trial on counters and gauges: narrower windows for ever are as bad as a wide one kept for a single outlier.
     */
    private static final int WASTE = 8;

    private static final int WIDENING = 5;

    private XorWindow() {}

    static int of(int leading, int trailing) {
        return leading << 6 | trailing;
    }

    static int leading(int window) {
        return window >> 6;
    }

    static int trailing(int window) {
        return window & 0x3f;
    }

    static int width(int window) {
        return 64 - leading(window) - trailing(window);
    }

    /** The narrowest window that holds the xor, which is not 0. */
    static int fitting(long xor) {
        return of(Math.min(Long.numberOfLeadingZeros(xor), 31), Long.numberOfTrailingZeros(xor));
    }

    static int union(int one, int other) {
        return of(Math.min(leading(one), leading(other)), Math.min(trailing(one), trailing(other)));
    }

    /** The window to write the xor in, knowing nothing of what comes; equal to the last one if that is to be used again. */
    static int choose(int lastLeading, int lastTrailing, long xor) {
        int fitting = fitting(xor);
        if (lastLeading == NONE) {
            return fitting;
        }
        int last = of(lastLeading, lastTrailing);
        int union = union(fitting, last);
        int tolerated = union == last ? WASTE : WIDENING;
        return width(union) - width(fitting) <= tolerated ? union : fitting;
    }

    /** Leading zeros and length of a window as a new one is described: 5 and 6 bits. */
    static long description(int window) {
        // 64 does not fit into six bits and is written as 0; 0 itself never occurs.
        return (long) leading(window) << 6 | (width(window) & 0x3f);
    }
}
