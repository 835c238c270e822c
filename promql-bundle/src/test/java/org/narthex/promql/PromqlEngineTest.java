package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.trace.Span;
import org.narthex.promql.script.ScriptStorage;
import org.narthex.storage.memory.MemoryStorage;
import org.narthex.testkit.FakeTracer;

class PromqlEngineTest {
    private static final Limits LIMITS = new Limits(300_000, 100_000, 1_000, 2, Set.of());

    private final PromqlEngine engine = new PromqlEngine(LIMITS, 0);

    private static Storage storage(int series) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < series; i++) {
            batch.add(Labels.of("__name__", "m", "i", Integer.toString(i)), 1_000, i);
        }
        storage.append(batch);
        return storage;
    }

    private QueryException refusal(QueryRequest request) {
        try {
            engine.query(request);
        } catch (QueryException e) {
            return e;
        }
        throw new AssertionError("not refused: " + request.expression());
    }

    @Test
    void answersWithoutStorageWhatNeedsNone() throws QueryException {
        QueryResult result = engine.query(QueryRequest.instant("1 + 2", 5_000));
        assertThat(result.value()).isEqualTo(new QueryValue.Scalar(5_000, 3));
    }

    @Test
    void saysThatItIsUnavailableWithoutStorage() {
        assertThat(refusal(QueryRequest.instant("m", 0)).kind()).isEqualTo(QueryException.Kind.UNAVAILABLE);
    }

    @Test
    void namesThePlaceOfAMistake() {
        QueryException e = refusal(QueryRequest.instant("sum(\n  m{)", 0));
        assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_DATA);
        assertThat(e.getMessage()).isEqualTo("2:5: parse error: unexpected character inside braces: ')'");
        assertThat(e.position()).isEqualTo(9);
    }

    @Test
    void refusesRangeVectorsOverARange() {
        QueryException e = refusal(QueryRequest.range("m[5m]", 0, 10, 1));
        assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_DATA);
        assertThat(e.getMessage()).contains("invalid expression type \"range vector\" for range query");
    }

    @Test
    void stopsAtTheSampleLimit() throws IOException {
        engine.bindStorage(storage(2_000));
        QueryException e = refusal(QueryRequest.instant("m", 1_000));
        assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION);
        assertThat(e.getMessage()).startsWith("query processing would load too many samples into memory in");
    }

    @Test
    void refusesASubqueryOfTooManyStepsBeforeMakingARow() throws IOException {
        engine.bindStorage(storage(1));
        QueryException e = refusal(QueryRequest.instant("max_over_time(m[10d:1ms])", 1_000));
        assertThat(e.getMessage()).startsWith("query processing would load too many samples into memory in");
    }

    @Test
    void needsNoMemoryForTheSeriesOfASum() throws Exception {
        engine.bindStorage(storage(5_000));
        QueryResult result = engine.query(QueryRequest.instant("count(m)", 1_000));
        assertThat(((QueryValue.InstantVector) result.value()).values()).containsExactly(5_000);
        assertThat(result.statistics().peakSamples()).isLessThan(1_000);
        assertThat(result.statistics().samples()).isEqualTo(5_000);
    }

    @Test
    void stopsWhenCanceled() throws IOException {
        engine.bindStorage(storage(10));
        QueryRequest request = new QueryRequest("sum(m)", 0, 0, 0, 0, 0, new AtomicBoolean(true));
        assertThat(refusal(request).kind()).isEqualTo(QueryException.Kind.CANCELED);
    }

    @Test
    void aQueryIsASpanWhileTracesAreWanted() throws Exception {
        FakeTracer tracer = new FakeTracer();
        engine.bindStorage(storage(1));
        engine.bind(tracer);
        engine.query(QueryRequest.instant("m", 1_000));
        refusal(QueryRequest.instant("m[", 1_000));
        engine.bind(null);
        engine.query(QueryRequest.instant("m", 1_000));
        assertThat(tracer.ended()).hasSize(2);
        assertThat(tracer.ended().get(0))
                .isEqualTo(new FakeTracer.Ended("promqlExec", Span.Kind.INTERNAL, "", Map.of("query", "m"), false, ""));
        assertThat(tracer.ended().get(1).failure()).contains("parse error");
    }

    @Test
    void readsSelectors() throws QueryException {
        assertThat(engine.parseSelector("up{job=\"a\"}"))
                .containsExactly(Matcher.equal("job", "a"), Matcher.equal("__name__", "up"));
        assertThatExceptionOfType(QueryException.class).isThrownBy(() -> engine.parseSelector("up[5m]"));
        assertThatExceptionOfType(QueryException.class).isThrownBy(() -> engine.parseSelector("{job=~\".*\"}"));
    }

    @Test
    void printsTheCanonicalForm() throws QueryException {
        assertThat(engine.check("sum(rate(m{a='b'}[300]))by(x)")).isEqualTo("sum by (x) (rate(m{a=\"b\"}[5m]))");
    }

    @Test
    void refusesEndlessNestingClearly() {
        String nested = "(".repeat(100_000) + "1" + ")".repeat(100_000);
        assertThat(refusal(QueryRequest.instant(nested, 0)).getMessage()).contains("nested too deeply");
        String chain = "1" + "+1".repeat(3_000_000);
        assertThat(refusal(QueryRequest.instant(chain, 0)).getMessage()).contains("nested too deeply");
    }

    @Test
    void answersLongChainsAndDeepNesting() throws QueryException, IOException {
        engine.bindStorage(storage(1));
        String chain = "m" + " + m".repeat(5_000);
        String product = "sum(m)" + " * on () (m)".repeat(5_000);
        String nested = "(".repeat(5_000) + "m" + ")".repeat(5_000);
        for (String expression : List.of(chain, product, nested)) {
            assertThat(engine.query(QueryRequest.instant(expression, 1000)).value())
                    .as(expression.substring(0, 20))
                    .isInstanceOfSatisfying(QueryValue.InstantVector.class, vector -> assertThat(vector.values())
                            .hasSize(1));
        }
        assertThat(engine.check(chain)).hasSameSizeAs(chain);
    }

    @Test
    void experimentalFunctionsNeedTheirFlag() {
        assertThat(refusal(QueryRequest.instant("mad_over_time(m[5m])", 0)).getMessage())
                .contains("promql-experimental-functions");
        assertThat(List.of(refusal(QueryRequest.instant("m anchored", 0)).kind()))
                .containsExactly(QueryException.Kind.BAD_DATA);
    }

    @Test
    void findsTheSelectorsOfAnExpressionInOrder() throws Exception {
        List<List<Matcher>> selectors = Engines.over(storage(1), Engines.ALL_FEATURES)
                .selectors("sum(rate(a{x=\"1\"}[5m])) / on () topk(scalar(b), max_over_time((-c)[1h:1m])) + 1");
        assertThat(selectors).hasSize(3);
        assertThat(selectors.get(0)).contains(Matcher.equal("x", "1"), Matcher.equal(Labels.METRIC_NAME, "a"));
        assertThat(selectors.get(1)).containsExactly(Matcher.equal(Labels.METRIC_NAME, "b"));
        assertThat(selectors.get(2)).containsExactly(Matcher.equal(Labels.METRIC_NAME, "c"));
    }

    @Test
    void countsTheBucketsOfHistogramsAgainstTheLimit() throws Exception {
        ScriptStorage storage = new ScriptStorage();
        SampleBatch batch = new SampleBatch();
        double[] buckets = new double[200];
        for (int i = 0; i < 10; i++) {
            buckets[i] = i + 1;
            batch.add(
                    Labels.of("__name__", "h"),
                    SampleBatch.NO_REF,
                    i * 1000L,
                    Histogram.ofFloats(
                            Histogram.ResetHint.UNKNOWN,
                            0,
                            0,
                            0,
                            55,
                            1,
                            new int[] {0, 200},
                            buckets.clone(),
                            new int[0],
                            new double[0],
                            new double[0]));
        }
        storage.append(batch);
        Limits few = new Limits(300_000, 100_000, 1_000, 20, Set.of());
        PromqlEngine engine = Engines.over(storage, few);
        for (String tooMuch : List.of("h", "sum_over_time(h[1m])")) {
            assertThatExceptionOfType(QueryException.class)
                    .isThrownBy(() -> engine.query(QueryRequest.range(tooMuch, 0, 9_000, 1_000)))
                    .withMessageContaining("too many samples");
        }
        // Without buckets there is little to hold.
        engine.query(QueryRequest.range("histogram_count(h)", 0, 9_000, 1_000));
    }
}
