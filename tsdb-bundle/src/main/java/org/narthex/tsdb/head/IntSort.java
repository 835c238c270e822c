package org.narthex.tsdb.head;

/** Merge sort of primitive ints by a comparison, since the JDK has it only for objects. */
final class IntSort {
    private static final int RUN = 8;

    /** Compares two of the ints. */
    @FunctionalInterface
    interface Order {
        int compare(int a, int b);
    }

    private IntSort() {}

    static void sort(int[] values, Order order) {
        if (values.length > 1) {
            sort(values, values.clone(), 0, values.length, order);
        }
    }

    /** Sorts {@code into}; {@code spare} holds the same values at first. */
    private static void sort(int[] into, int[] spare, int from, int to, Order order) {
        if (to - from <= RUN) {
            for (int i = from + 1; i < to; i++) {
                int value = into[i];
                int j = i;
                for (; j > from && order.compare(into[j - 1], value) > 0; j--) {
                    into[j] = into[j - 1];
                }
                into[j] = value;
            }
            return;
        }
        int middle = (from + to) >>> 1;
        sort(spare, into, from, middle, order);
        sort(spare, into, middle, to, order);
        if (order.compare(spare[middle - 1], spare[middle]) <= 0) {
            System.arraycopy(spare, from, into, from, to - from);
            return;
        }
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            boolean takeLeft = right >= to || (left < middle && order.compare(spare[left], spare[right]) <= 0);
            into[i] = takeLeft ? spare[left++] : spare[right++];
        }
    }
}
