package org.narthex.promql.eval;

import java.util.Arrays;

import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.histogram.Trim;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/** A binary operator where a side is a histogram, or that is for histograms only. What has no meaning is dropped, and said. */
final class HistogramOperators {
    private final TokenType operator;
    private final boolean returnBool;
    private final Expr.Binary binary;
    private final Notes notes;

    HistogramOperators(Expr.Binary binary, Notes notes) {
        this.operator = binary.operator();
        this.returnBool = binary.returnBool();
        this.binary = binary;
        this.notes = notes;
    }

    static boolean isTrim(TokenType operator) {
        return operator == TokenType.TRIM_LOWER || operator == TokenType.TRIM_UPPER;
    }

    /** Sets the step of one of the columns, or of both to nothing. Where a histogram is not null it is the value of its side. */
    void apply(
            double left,
            FloatHistogram leftHistogram,
            double right,
            FloatHistogram rightHistogram,
            int step,
            double[] out,
            FloatHistogram[] histograms) {
        out[step] = Absent.VALUE;
        histograms[step] = null;
        if (leftHistogram != null && rightHistogram != null) {
            both(leftHistogram, rightHistogram, step, out, histograms);
        } else if (leftHistogram != null) {
            histograms[step] = histogramAndFloat(leftHistogram, right);
        } else if (rightHistogram != null) {
            if (operator == TokenType.MUL) {
                histograms[step] = rightHistogram.times(left).compact();
            } else {
                incompatible("float", "histogram");
            }
        } else if (isTrim(operator)) {
            incompatible("float", "float");
        } else {
            out[step] = Operators.element(operator, returnBool, left, right, left);
        }
    }

    private FloatHistogram histogramAndFloat(FloatHistogram left, double right) {
        switch (operator) {
            case MUL -> {
                return left.times(right).compact();
            }
            case DIV -> {
                return left.dividedBy(right).compact();
            }
            case TRIM_UPPER, TRIM_LOWER -> {
                return Trim.of(left, right, operator == TokenType.TRIM_UPPER);
            }
            default -> {
                incompatible("histogram", "float");
                return null;
            }
        }
    }

    private void both(FloatHistogram left, FloatHistogram right, int step, double[] out, FloatHistogram[] histograms) {
        switch (operator) {
            case ADD, SUB -> histograms[step] = combined(left, right);
            case EQLC, NEQ -> {
                boolean holds = left.isSame(right) == (operator == TokenType.EQLC);
                if (returnBool) {
                    out[step] = holds ? 1 : 0;
                } else if (holds) {
                    histograms[step] = left;
                }
            }
            default -> incompatible("histogram", "histogram");
        }
    }

    private FloatHistogram combined(FloatHistogram left, FloatHistogram right) {
        boolean adds = operator == TokenType.ADD;
        if (!left.isCompatible(right)) {
            notes.warn("incompatible bucket layout encountered for binary operator " + operator.text(), binary.span());
            return null;
        }
        if (left.collides(right)) {
            notes.resetsCollide(adds ? "addition" : "subtraction", binary.span());
        }
        if (left.needsReconciling(right)) {
            notes.boundsReconciled(adds ? "addition" : "subtraction", binary.span());
        }
        FloatHistogram result = adds ? left.plus(right) : left.minus(right).withHint(ResetHint.GAUGE);
        return result.compact();
    }

    private void incompatible(String left, String right) {
        String text = operator.text();
        notes.info(
                "incompatible sample types encountered for binary operator \"" + text + "\": " + left + " " + text + " "
                        + right,
                binary.span());
    }

    /**
     * Pairs two rows; where either has no value the result has none.
     *
     * @param out for the floats of the result; may be a column of either row
     */
    static Row pair(Expr.Binary binary, Row left, Row right, double[] out, Notes notes) {
        boolean plain = !left.hasHistograms() && !right.hasHistograms();
        if (plain && !HistogramOperators.isTrim(binary.operator())) {
            Operators.pair(binary.operator(), binary.returnBool(), left.values(), right.values(), out);
            return Row.ofAny(out, null);
        }
        HistogramOperators operators = new HistogramOperators(binary, notes);
        FloatHistogram[] histograms = new FloatHistogram[out.length];
        double[] l = left.values() == out ? left.values().clone() : left.values();
        double[] r = right.values() == out ? right.values().clone() : right.values();
        Arrays.fill(out, Absent.VALUE);
        for (int step = 0; step < out.length; step++) {
            FloatHistogram leftHistogram = left.histogram(step);
            FloatHistogram rightHistogram = right.histogram(step);
            boolean paired =
                    (leftHistogram != null || !Absent.is(l[step])) && (rightHistogram != null || !Absent.is(r[step]));
            if (paired) {
                operators.apply(l[step], leftHistogram, r[step], rightHistogram, step, out, histograms);
            }
        }
        return Row.ofAny(out, histograms);
    }
}
