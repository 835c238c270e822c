package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/**
 * {@code limit_ratio}: about that part of all series, the same ones each time, since a hash of their labels decides. A negative ratio takes what
 * the positive one with which it adds up to one would leave.
 */
final class RatioSample {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private RatioSample() {}

    static Rows evaluate(Expr.Aggregate aggregate, double[] ratios, Rows rows, Query query) throws QueryException {
        double[] capped = new double[ratios.length];
        for (int step = 0; step < ratios.length; step++) {
            double ratio = ratios[step];
            if (Double.isNaN(ratio)) {
                throw new QueryException(QueryException.Kind.EXECUTION, "Ratio value is NaN");
            }
            capped[step] = Math.max(-1, Math.min(1, ratio));
            if (capped[step] != ratio) {
                query.notes()
                        .warn(
                                "ratio value should be between -1 and 1, got " + SampleValue.format(ratio)
                                        + ", capping to " + SampleValue.format(capped[step]),
                                aggregate.parameter().span());
            }
        }
        Rows result = new Rows();
        for (int row = 0; row < rows.size(); row++) {
            double place = place(rows.labels(row));
            Row kept = rows.row(row).copy();
            for (int step = 0; step < ratios.length; step++) {
                double ratio = capped[step];
                boolean taken = ratio >= 0 ? place < ratio : place >= 1 + ratio;
                if (!taken) {
                    kept.clear(step);
                }
            }
            Row left = kept.settled();
            if (left != null) {
                result.add(rows.labels(row), rows.dropsName(row), left);
            }
        }
        return result;
    }

    /** Where in [0, 1) the hash of the labels lies. */
    private static double place(Labels labels) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < labels.size(); i++) {
            hash = add(add(hash, labels.name(i)), labels.value(i));
        }
        // FNV leaves the upper bits poorly mixed.
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (hash >>> 11) * 0x1p-53;
    }

    private static long add(long hash, String text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * FNV_PRIME;
        }
        return (h ^ 0xFFFF) * FNV_PRIME;
    }
}
