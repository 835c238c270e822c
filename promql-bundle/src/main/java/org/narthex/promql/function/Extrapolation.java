package org.narthex.promql.function;

/** By how much a change between samples is to be raised so that it covers the whole range. */
final class Extrapolation {
    private Extrapolation() {}

    /**
     * The range is covered up to its ends where samples come that close, else by half of their distance.
     *
     * @param sampled seconds between the first and the last sample
     * @param toStart seconds from the range's start to the first sample
     * @param toEnd seconds from the last sample to the range's end
     * @param toZero seconds back from the first sample to where a counter was zero; greater than {@code toStart} if that does not matter
     */
    static double factor(double sampled, int intervals, double toStart, double toEnd, double toZero) {
        double average = sampled / intervals;
        double threshold = average * 1.1;
        double left = toStart >= threshold ? average / 2 : toStart;
        // Going back beyond the point where the counter was zero makes no sense.
        left = Math.min(left, toZero);
        double right = toEnd >= threshold ? average / 2 : toEnd;
        return (sampled + left + right) / sampled;
    }

    /**
     * The same where the counter is known to have been zero at a time within the range: nothing is extended to the left.
     *
     * @param zeroToLast seconds from that time to the last sample
     * @param sampled seconds between the first and the last sample; 0 if there is one sample only
     */
    static double factorFromZero(double zeroToLast, double sampled, int intervals, double toEnd) {
        double average = intervals == 0 ? 0 : sampled / intervals;
        double right = toEnd >= average * 1.1 ? average / 2 : toEnd;
        return (zeroToLast + right) / zeroToLast;
    }
}
