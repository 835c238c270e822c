package org.narthex.promql.function;

import java.time.LocalDate;
import java.util.function.LongUnaryOperator;
import java.util.function.ToIntFunction;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.MappedVector;
import org.narthex.promql.eval.RowOperation;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Vector;
import org.narthex.promql.eval.Wanted;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Evaluation times, sample times, and the parts of dates in UTC. */
final class TimeFunctions {
    private static final long DAY_SECONDS = 86_400;
    /** Dates repeat after so many days, weekdays as well, and are {@link #CYCLE_YEARS} later then. */
    private static final long CYCLE_DAYS = 146_097;

    private static final long CYCLE_YEARS = 400;
    /** The first second of Go's calendar, in the year -292,277,022,399; it goes on for 2^64 seconds. */
    private static final long FIRST_SECOND = -9_223_371_966_579_724_800L;

    private TimeFunctions() {}

    static void addTo(Functions table) {
        table.add(Signature.of("time", ValueType.SCALAR), new Kernel.General((call, grid, evaluator) -> time(grid)));
        table.add(
                Signature.of("timestamp", ValueType.VECTOR, ValueType.VECTOR),
                new Kernel.General(TimeFunctions::timestamp));
        table.add(
                Signature.of("start_timestamp", ValueType.VECTOR, ValueType.VECTOR)
                        .asExperimental(),
                new Kernel.General(TimeFunctions::startTimestamp));
        date(table, "days_in_month", LocalDate::lengthOfMonth);
        date(table, "day_of_month", LocalDate::getDayOfMonth);
        date(table, "day_of_week", day -> day.getDayOfWeek().getValue() % 7);
        date(table, "day_of_year", LocalDate::getDayOfYear);
        date(table, "month", LocalDate::getMonthValue);
        part(table, "year", seconds -> {
            long day = day(seconds);
            return inFirstCycle(day).getYear() + CYCLE_YEARS * Math.floorDiv(day, CYCLE_DAYS);
        });
        part(table, "hour", seconds -> secondOfDay(seconds) / 3600);
        part(table, "minute", seconds -> secondOfDay(seconds) / 60 % 60);
    }

    private static void date(Functions table, String name, ToIntFunction<LocalDate> part) {
        part(table, name, seconds -> part.applyAsInt(inFirstCycle(day(seconds))));
    }

    private static LocalDate inFirstCycle(long day) {
        return LocalDate.ofEpochDay(Math.floorMod(day, CYCLE_DAYS));
    }

    /** The day since 1970. Where Go's calendar would begin later, its seconds count as those at its other end. */
    private static long day(long seconds) {
        return seconds < FIRST_SECOND ? Long.divideUnsigned(seconds, DAY_SECONDS) : Math.floorDiv(seconds, DAY_SECONDS);
    }

    private static long secondOfDay(long seconds) {
        return seconds < FIRST_SECOND
                ? Long.remainderUnsigned(seconds, DAY_SECONDS)
                : Math.floorMod(seconds, DAY_SECONDS);
    }

    /** As processors of the x86 family convert, and Prometheus there: what does not fit, or is no number, becomes the least number. */
    private static long toSeconds(double value) {
        return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
    }

    private static void part(Functions table, String name, LongUnaryOperator part) {
        table.add(
                Signature.of(name, ValueType.VECTOR, ValueType.VECTOR).withVariadic(1),
                new Kernel.General((call, grid, evaluator) -> {
                    Vector vector;
                    if (call.arguments().isEmpty()) {
                        Rows now = new Rows();
                        now.add(Labels.EMPTY, false, time(grid).values());
                        vector = now;
                    } else {
                        vector = evaluator.vector(call.arguments().get(0), grid);
                    }
                    return MappedVector.withoutName(
                            vector,
                            MappedVector.perSample(value -> (double) part.applyAsLong(toSeconds(value))),
                            evaluator.query(),
                            grid.steps());
                }));
    }

    private static Value.Scalar time(Grid grid) {
        double[] values = new double[grid.steps()];
        for (int step = 0; step < values.length; step++) {
            values[step] = grid.time(step) / 1000.0;
        }
        return new Value.Scalar(values);
    }

    private static Value timestamp(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        Expr argument = call.arguments().get(0);
        if (Evaluator.bare(argument) instanceof Expr.VectorSelector selector) {
            Vector times = evaluator.select(selector, grid, Wanted.TIMES);
            return MappedVector.withoutName(times, TimeFunctions::copy, evaluator.query(), grid.steps());
        }
        double[] times = time(grid).values();
        return MappedVector.withoutName(
                evaluator.vector(argument, grid), new EvaluationTime(times), evaluator.query(), grid.steps());
    }

    private static void copy(double[] in, double[] out) {
        if (in != out) {
            System.arraycopy(in, 0, out, 0, in.length);
        }
    }

    /** Only a selector by itself knows since when its samples have been counting. */
    private static Value startTimestamp(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        if (!evaluator.query().settings().startTimestamps()) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "start_timestamp() needs --enable-feature=use-start-timestamps",
                    call.span().start(),
                    null);
        }
        if (Evaluator.bare(call.arguments().get(0)) instanceof Expr.VectorSelector selector) {
            Vector times = evaluator.select(selector, grid, Wanted.START_TIMES);
            return MappedVector.withoutName(times, TimeFunctions::copy, evaluator.query(), grid.steps());
        }
        return new Rows();
    }

    /** The evaluation time, whatever the value is. */
    private static final class EvaluationTime implements RowOperation {
        private final double[] times;

        EvaluationTime(double[] times) {
            this.times = times;
        }

        @Override
        public void apply(double[] in, double[] out) {
            for (int step = 0; step < in.length; step++) {
                out[step] = Absent.is(in[step]) ? Absent.VALUE : times[step];
            }
        }

        @Override
        public FloatHistogram[] applyToHistograms(FloatHistogram[] in, double[] out) {
            for (int step = 0; step < in.length; step++) {
                out[step] = in[step] == null ? out[step] : times[step];
            }
            return null;
        }
    }
}
