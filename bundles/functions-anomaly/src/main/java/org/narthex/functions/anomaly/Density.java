package org.narthex.functions.anomaly;

/**
 * DBSCAN of numbers: Ester, Kriegel, Sander, Xu, "A Density-Based Algorithm for Discovering Clusters" (KDD 1996). A point with at least so many
 * points within the distance, itself among them, is a core point; noise is what lies within the distance of none.
 */
final class Density {
    private final double distance;
    private final double[] cores;
    private int coreCount;

    /** @param sorted in ascending order */
    Density(double[] sorted, double distance, double points) {
        this.distance = distance;
        this.cores = new double[sorted.length];
        int from = 0;
        int to = 0;
        for (double value : sorted) {
            while (!isNear(sorted[from], value)) {
                from++;
            }
            while (to < sorted.length && (sorted[to] <= value || isNear(value, sorted[to]))) {
                to++;
            }
            if (to - from >= points) {
                cores[coreCount++] = value;
            }
        }
    }

    private boolean isNear(double lower, double upper) {
        return lower == upper || upper - lower <= distance;
    }

    boolean isNoise(double value) {
        int above = new Ascending(cores, coreCount).below(value);
        boolean nearAbove = above < coreCount && isNear(value, cores[above]);
        return !nearAbove && !(above > 0 && isNear(cores[above - 1], value));
    }
}
