package org.narthex.promql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.narthex.api.query.FunctionPack;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.MappedVector;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Fits the functions of packs into the engine. What they throw fails the query and nothing else. */
final class PackFunction {
    /** Carries the failure of foreign code out of the evaluation's loops. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String function, Throwable cause) {
            super(
                    "function " + function
                            + (cause instanceof IllegalArgumentException
                                    ? ": " + cause.getMessage()
                                    : " failed: " + cause),
                    cause);
        }
    }

    private PackFunction() {}

    static Signature signature(String name, FunctionPack.Function given) {
        FunctionPack.Function function = bare(given);
        List<ValueType> types = new ArrayList<>();
        types.add(function instanceof FunctionPack.OverWindow ? ValueType.MATRIX : ValueType.VECTOR);
        int least = given instanceof FunctionPack.Declared declared ? declared.least() : 0;
        types.addAll(Collections.nCopies(least, ValueType.SCALAR));
        int variadic = -1;
        if (function instanceof FunctionPack.OverVector) {
            types.add(ValueType.STRING);
        } else {
            variadic = given instanceof FunctionPack.Declared declared ? declared.most() - least : -1;
            if (variadic != 0) {
                types.add(ValueType.SCALAR);
            }
        }
        return new Signature(name, types, variadic, ValueType.VECTOR, false);
    }

    private static FunctionPack.Function bare(FunctionPack.Function function) {
        return function instanceof FunctionPack.Declared declared ? declared.function() : function;
    }

    static Kernel kernel(String name, FunctionPack.Function given) {
        FunctionPack.Function function = bare(given);
        if (function instanceof FunctionPack.OverSample overSample) {
            return new Kernel.General((call, grid, evaluator) -> overSample(call, grid, evaluator, name, overSample));
        }
        if (function instanceof FunctionPack.OverVector overVector) {
            return new Kernel.General(
                    (call, grid, evaluator) -> PackVector.evaluate(call, grid, evaluator, name, overVector));
        }
        FunctionPack.OverWindow overWindow = (FunctionPack.OverWindow) function;
        return new Kernel.OverRange(
                (windows, parameters, out, scratch) -> overWindow(windows, parameters, out, name, overWindow),
                false,
                false);
    }

    private static Value overSample(
            Expr.Call call, Grid grid, Evaluator evaluator, String name, FunctionPack.OverSample function)
            throws QueryException {
        double[][] columns = new double[call.arguments().size()][];
        for (int i = 1; i < columns.length; i++) {
            columns[i] = evaluator.scalar(call.arguments().get(i), grid);
        }
        return MappedVector.withoutName(
                evaluator.vector(call.arguments().get(0), grid),
                (in, out) -> {
                    double[] numbers = new double[columns.length - 1];
                    for (int step = 0; step < in.length; step++) {
                        if (Absent.is(in[step])) {
                            out[step] = Absent.VALUE;
                            continue;
                        }
                        numbersAt(columns, step, numbers);
                        try {
                            out[step] = function.value(in[step], numbers);
                        } catch (RuntimeException | LinkageError e) {
                            throw new Failure(name, e);
                        }
                    }
                },
                evaluator.query(),
                grid.steps());
    }

    private static void overWindow(
            Windows windows, double[][] columns, double[] out, String name, FunctionPack.OverWindow function) {
        double[] numbers = new double[columns.length - 1];
        View view = new View(windows);
        for (int step = 0; step < out.length; step++) {
            if (windows.from(step) == windows.to(step)) {
                out[step] = Absent.VALUE;
                continue;
            }
            view.step = step;
            numbersAt(columns, step, numbers);
            try {
                out[step] = function.value(view, numbers);
            } catch (RuntimeException | LinkageError e) {
                throw new Failure(name, e);
            }
        }
    }

    static void numbersAt(double[][] columns, int step, double[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = columns[i + 1][step];
        }
    }

    private static final class View implements FunctionPack.Window {
        private final Windows windows;
        private int step;

        View(Windows windows) {
            this.windows = windows;
        }

        @Override
        public int size() {
            return windows.to(step) - windows.from(step);
        }

        @Override
        public long timestampMs(int i) {
            return windows.timestampsMs()[windows.from(step) + i];
        }

        @Override
        public double value(int i) {
            return windows.values()[windows.from(step) + i];
        }

        @Override
        public long startMs() {
            return windows.startMs(step);
        }

        @Override
        public long endMs() {
            return windows.endMs(step);
        }
    }
}
