package org.narthex.promql.eval;

/** What an expression gives on a grid. */
public sealed interface Value permits Value.Scalar, Value.Text, Vector {
    /** A number per step; the array is not changed by anyone once it is here. */
    @SuppressWarnings("ArrayRecordComponent") // a column, compared by nobody
    record Scalar(double[] values) implements Value {}

    record Text(String value) implements Value {}
}
