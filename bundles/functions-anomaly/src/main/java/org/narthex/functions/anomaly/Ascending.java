package org.narthex.functions.anomaly;

/** Counts among the first {@code size} of values in ascending order. */
@SuppressWarnings("ArrayRecordComponent") // a view, compared by nobody
record Ascending(double[] values, int size) {
    /** How many are less than the value. */
    int below(double value) {
        return first(value, false);
    }

    /** How many are not greater than the value. */
    int notAbove(double value) {
        return first(value, true);
    }

    /** The first index whose value is greater than this, or not less. */
    private int first(double value, boolean greater) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < value || (greater && values[middle] == value)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
