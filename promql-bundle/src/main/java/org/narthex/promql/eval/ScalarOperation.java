package org.narthex.promql.eval;

import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;

/** An operator between a vector and a scalar. */
final class ScalarOperation implements RowOperation {
    private final RowOperation floats;
    private final HistogramOperators operators;
    private final double[] scalar;
    private final boolean scalarOnLeft;

    ScalarOperation(Expr.Binary binary, double[] scalar, boolean scalarOnLeft, Notes notes) {
        this.operators = new HistogramOperators(binary, notes);
        this.scalar = scalar;
        this.scalarOnLeft = scalarOnLeft;
        this.floats = HistogramOperators.isTrim(binary.operator())
                ? this::trimFloats
                : Operators.withScalar(binary.operator(), binary.returnBool(), scalar, scalarOnLeft);
    }

    @Override
    public void apply(double[] in, double[] out) {
        floats.apply(in, out);
    }

    private void trimFloats(double[] in, double[] out) {
        FloatHistogram[] none = new FloatHistogram[in.length];
        for (int step = 0; step < in.length; step++) {
            if (Absent.is(in[step])) {
                out[step] = Absent.VALUE;
            } else {
                operators.apply(in[step], null, scalar[step], null, step, out, none);
            }
        }
    }

    @Override
    public FloatHistogram[] applyToHistograms(FloatHistogram[] in, double[] out) {
        FloatHistogram[] result = new FloatHistogram[in.length];
        for (int step = 0; step < in.length; step++) {
            if (in[step] != null) {
                double number = scalar[step];
                operators.apply(
                        number,
                        scalarOnLeft ? null : in[step],
                        number,
                        scalarOnLeft ? in[step] : null,
                        step,
                        out,
                        result);
            }
        }
        return result;
    }
}
