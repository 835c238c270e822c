package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Language;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Parser;

/** Runs scripts: an evaluation passes if the query and all its variants give what is expected. */
public final class ScriptRunner {
    private static final long MINUTE = 60_000;

    /** Answers queries from a storage. */
    public interface Engines {
        QueryEngine over(Storage storage);
    }

    /** How a script went. */
    public record Outcome(int evals, int passed, List<String> failures) {}

    private final Supplier<Storage> storages;
    private final Engines engines;
    private final Language language;

    public ScriptRunner(Supplier<Storage> storages, Engines engines, Language language) {
        this.storages = storages;
        this.engines = engines;
        this.language = language;
    }

    public Outcome run(String script) throws Exception {
        Storage storage = storages.get();
        QueryEngine engine = engines.over(storage);
        int evals = 0;
        List<String> failures = new ArrayList<>();
        for (Command command : Script.parse(script)) {
            if (command instanceof Command.Clear) {
                storage = storages.get();
                engine = engines.over(storage);
            } else if (command instanceof Command.Load load) {
                load(load, storage);
            } else if (command instanceof Command.Eval eval) {
                evals++;
                try {
                    eval(eval, engine);
                } catch (Mismatch e) {
                    failures.add("line " + eval.line() + ": " + eval.expression() + ": " + e.getMessage());
                } catch (RuntimeException e) {
                    failures.add("line " + eval.line() + ": " + eval.expression() + ": " + e);
                }
            }
        }
        return new Outcome(evals, evals - failures.size(), failures);
    }

    private static void load(Command.Load load, Storage storage) throws Exception {
        SampleBatch batch = new SampleBatch();
        // Of two lines for one series the later one counts.
        Map<Labels, SeriesLine> lines = new LinkedHashMap<>();
        load.series().forEach(series -> lines.put(series.metric(), series));
        List<SeriesLine> all = new ArrayList<>(lines.values());
        if (load.withCustomBuckets()) {
            all.addAll(CustomBuckets.of(lines.values()));
        }
        for (SeriesLine series : all) {
            for (int i = 0; i < series.values().size(); i++) {
                SeriesLine.Point point = series.values().get(i);
                if (point == null) {
                    continue;
                }
                long time = i * load.stepMs();
                if (point.histogram() == null) {
                    batch.add(series.metric(), SampleBatch.NO_REF, time, point.value());
                } else {
                    batch.add(series.metric(), SampleBatch.NO_REF, time, point.histogram());
                }
                Long offset = i < series.startOffsetsMs().size()
                        ? series.startOffsetsMs().get(i)
                        : null;
                if (offset != null) {
                    batch.startTimestampMs(time + offset);
                }
            }
        }
        storage.append(batch);
        if (batch.count(AppendResult.OK) < batch.size()) {
            throw new IllegalArgumentException("the storage did not take all samples");
        }
    }

    private void eval(Command.Eval eval, QueryEngine engine) throws Mismatch {
        if (eval.stepMs() > 0) {
            QueryRequest request = QueryRequest.range(eval.expression(), eval.startMs(), eval.endMs(), eval.stepMs());
            QueryResult result = query(eval, engine, request);
            if (result != null) {
                Comparison.annotations(eval.expected(), result);
                Comparison.matrix(eval, result.value());
            }
            return;
        }
        instant(eval, engine, eval.expression(), eval.startMs());
        Expr expr;
        try {
            expr = Parser.parse(eval.expression(), language);
        } catch (ParseException e) {
            throw new Mismatch("does not parse: " + e.getMessage());
        }
        String pinned = AtVariants.pinned(expr, eval.startMs());
        if (pinned != null) {
            for (long time : AtVariants.times(eval.startMs())) {
                try {
                    instant(eval, engine, pinned, time);
                } catch (Mismatch e) {
                    throw new Mismatch("as " + pinned + " at " + time + " ms: " + e.getMessage());
                }
            }
        }
    }

    /** The result, or null if it failed as expected. */
    private static QueryResult query(Command.Eval eval, QueryEngine engine, QueryRequest request) throws Mismatch {
        try {
            QueryResult result = engine.query(request);
            if (eval.expected().fail().isPresent()) {
                throw new Mismatch("should have failed");
            }
            return result;
        } catch (QueryException e) {
            if (eval.expected().fail().isEmpty()) {
                throw new Mismatch("failed: " + e.getMessage());
            }
            if (!eval.expected().fail().get().fits(e.getMessage())) {
                throw new Mismatch("failed with another message: " + e.getMessage());
            }
            return null;
        }
    }

    private static void instant(Command.Eval eval, QueryEngine engine, String expression, long time) throws Mismatch {
        Command.Expected expected = eval.expected();
        QueryResult result = query(eval, engine, QueryRequest.instant(expression, time));
        if (result == null) {
            return;
        }
        Comparison.annotations(expected, result);
        Comparison.instant(expected, result.value());
        boolean once = expected.rangeVector().isPresent()
                || expected.string().isPresent()
                || expression.matches("(?s).*(start|end|range|step)\\(\\).*");
        if (once) {
            return;
        }
        QueryRequest range = QueryRequest.range(expression, time - MINUTE, time + MINUTE, MINUTE);
        try {
            QueryResult again = engine.query(range);
            if (!expected.ordered()) {
                Comparison.atTime(expected, again.value(), time);
            }
        } catch (QueryException e) {
            throw new Mismatch("as a range query failed: " + e.getMessage());
        } catch (Mismatch e) {
            throw new Mismatch("as a range query: " + e.getMessage());
        }
    }

    /** Almost equal, as the scripts understand it. */
    static boolean equal(double a, double b) {
        if (StaleNaN.is(a) || StaleNaN.is(b)) {
            return StaleNaN.is(a) && StaleNaN.is(b);
        }
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < 1e-6 * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < 1e-6;
    }

    /** Whether a histogram is what a script wants: the same buckets, empty ones aside, and the same hint if the script names one. */
    static boolean equal(SeriesLine.Point wanted, Histogram found) {
        Histogram a = FloatHistogram.of(wanted.histogram()).compact().toHistogram();
        Histogram b = FloatHistogram.of(found).compact().toHistogram();
        boolean same = a.schema() == b.schema()
                && equal(a.count(), b.count())
                && equal(a.sum(), b.sum())
                && equal(a.zeroCount(), b.zeroCount())
                && a.zeroThreshold() == b.zeroThreshold()
                && Arrays.equals(a.customBounds(), b.customBounds())
                && Arrays.equals(a.positiveSpans(), b.positiveSpans())
                && Arrays.equals(a.negativeSpans(), b.negativeSpans())
                && (!wanted.hinted() || a.resetHint() == b.resetHint());
        for (int i = 0; same && i < a.positiveBuckets(); i++) {
            same = equal(a.positive(i), b.positive(i));
        }
        for (int i = 0; same && i < a.negativeBuckets(); i++) {
            same = equal(a.negative(i), b.negative(i));
        }
        return same;
    }

    /** The result is not what was expected. */
    static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message);
        }
    }
}
