package org.narthex.promql.eval;

import java.util.Arrays;

/**
 * The best few of many elements. Which of equal ones stay, and in which order, is an accident of how the heap is kept; it is kept as
 * Prometheus keeps its own, that of Go's {@code container/heap}, so that both keep the same.
 */
final class RankHeap {
    /** Go sorts so many by insertion, which leaves equal elements in their order. */
    private static final int SORTED_BY_INSERTION = 12;

    private final boolean largest;
    private final int[] rows;
    private final double[] values;
    private int size;

    /**
     * @param largest whether large values are better than small ones; NaN is worse than all
     * @param capacity how many to keep, at least 1
     */
    RankHeap(boolean largest, int capacity) {
        this.largest = largest;
        rows = new int[capacity];
        values = new double[capacity];
    }

    void offer(int row, double value) {
        if (size < rows.length) {
            rows[size] = row;
            values[size] = value;
            up(size++);
        } else if (worse(values[0], value) && !(Double.isNaN(values[0]) && Double.isNaN(value))) {
            rows[0] = row;
            values[0] = value;
            down();
        }
    }

    /** Not a strict order: NaN is worse than NaN. */
    private boolean worse(double a, double b) {
        return Double.isNaN(a) || (largest ? a < b : a > b);
    }

    private void up(int last) {
        int child = last;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!worse(values[child], values[parent])) {
                return;
            }
            swap(child, parent);
            child = parent;
        }
    }

    private void down() {
        int parent = 0;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && worse(values[child + 1], values[child])) {
                child++;
            }
            if (!worse(values[child], values[parent])) {
                return;
            }
            swap(child, parent);
            parent = child;
        }
    }

    private void swap(int a, int b) {
        int row = rows[a];
        rows[a] = rows[b];
        rows[b] = row;
        double value = values[a];
        values[a] = values[b];
        values[b] = value;
    }

    /** What was kept, in no order. */
    int[] rows() {
        return Arrays.copyOf(rows, size);
    }

    /** What was kept, best first. Changes the heap: nothing can be offered any more. */
    int[] ranked() {
        if (size <= SORTED_BY_INSERTION) {
            for (int i = 1; i < size; i++) {
                for (int j = i; j > 0 && worse(values[j - 1], values[j]); j--) {
                    swap(j, j - 1);
                }
            }
            return rows();
        }
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> compare(values[a], values[b]));
        int[] ranked = new int[size];
        Arrays.setAll(ranked, i -> rows[order[i]]);
        return ranked;
    }

    private int compare(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }
        return a == b ? 0 : worse(b, a) ? -1 : 1;
    }
}
