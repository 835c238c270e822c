package org.narthex.promql.eval;

/** A sum with Neumaier's compensation, as Prometheus adds everywhere. */
public final class Kahan {
    private double sum;
    private double compensation;

    public void reset() {
        sum = 0;
        compensation = 0;
    }

    public void add(double value) {
        double total = sum + value;
        compensation = compensation(value, sum, compensation, total);
        sum = total;
    }

    public double value() {
        return sum + compensation;
    }

    /** What compensates {@code total = sum + value}, added to the earlier compensation. */
    public static double compensation(double value, double sum, double earlier, double total) {
        if (Double.isInfinite(total)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(value) ? earlier + ((sum - total) + value) : earlier + ((value - total) + sum);
    }
}
