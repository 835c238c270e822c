package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.query.PlanNode;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryRequest.Detail;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;
import org.narthex.api.query.RunningQuery;
import org.narthex.api.storage.SampleBatch;
import org.narthex.storage.memory.MemoryStorage;

class QueryLimitsTest {
    private static final long MANY = 1_000_000_000;

    private static PromqlEngine engine(long maxBytes, long maxTotalBytes, int series) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < series; i++) {
            batch.add(Labels.of("__name__", "m", "i", Integer.toString(i)), 1_000, i);
        }
        storage.append(batch);
        return Engines.over(storage, new Limits(300_000, 100_000, MANY, maxBytes, maxTotalBytes, 4, Set.of()));
    }

    private static QueryException refusal(PromqlEngine engine, QueryRequest request) {
        try {
            engine.query(request);
        } catch (QueryException e) {
            return e;
        }
        throw new AssertionError("not refused: " + request.expression());
    }

    private static QueryRequest range(String expression) {
        return QueryRequest.range(expression, 1_000, 101_000, 1_000);
    }

    @Test
    void tellsWhichLimitOfMemoryAndWhere() throws IOException {
        PromqlEngine engine = engine(600_000, MANY, 1_000);
        QueryException e = refusal(engine, range("1 + sum(m) or m * 2"));
        assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION);
        assertThat(e.getMessage())
                .contains(
                        "about 1008000 bytes for 1000 series at 101 steps",
                        "--query.max-bytes",
                        "(1:1)",
                        "longer step");
    }

    @Test
    void refusesWhatGrowsWithoutWarning() throws IOException {
        PromqlEngine engine = engine(100_000, MANY, 100);
        String grown = "m";
        for (int i = 0; i < 12; i++) {
            grown = "label_join(" + grown + ", \"x\", \"0123456789\", \"i\", \"x\", \"x\", \"x\")";
        }
        QueryException e = refusal(engine, QueryRequest.instant(grown, 1_000));
        assertThat(e.getMessage()).contains("100000 bytes of --query.max-bytes");
        assertThat(e.position()).isPositive();
    }

    @Test
    void allQueriesTogetherHaveALimit() throws IOException {
        PromqlEngine engine = engine(MANY, 50_000, 1_000);
        QueryException e = refusal(engine, range("m"));
        assertThat(e.kind()).isEqualTo(QueryException.Kind.UNAVAILABLE);
        assertThat(e.getMessage()).contains("50000 bytes of --query.max-total-bytes", "try again");
    }

    @Test
    void givesBackWhatItHeld() throws Exception {
        PromqlEngine engine = engine(MANY, 1_000_000, 100);
        for (int i = 0; i < 50; i++) {
            engine.query(range("m or m * 2"));
            assertThatExceptionOfType(QueryException.class)
                    .isThrownBy(() -> engine.query(range("m + on () group_left () m")));
        }
        assertThat(((QueryValue.RangeVector) engine.query(range("m")).value()).series())
                .hasSize(100);
    }

    @Test
    void runningQueriesAreListedAndCanBeStopped() throws Exception {
        PromqlEngine engine = engine(MANY, MANY, 10);
        String endless = "count(quantile_over_time(0.5, m[10d:1s]))";
        QueryRequest request = QueryRequest.range(endless, 0, 10_000_000, 1_000);
        CompletableFuture<QueryException> stopped = CompletableFuture.supplyAsync(() -> refusal(engine, request));
        List<RunningQuery> running = engine.running();
        while (running.isEmpty() || running.get(0).waiting()) {
            assertThat(stopped).isNotDone();
            Thread.onSpinWait();
            running = engine.running();
        }
        assertThat(running.get(0).request().expression()).isEqualTo(endless);
        assertThat(engine.cancel(running.get(0).id())).isTrue();
        assertThat(stopped.get().kind()).isEqualTo(QueryException.Kind.CANCELED);
        assertThat(engine.running()).isEmpty();
        assertThat(engine.cancel(running.get(0).id())).isFalse();
    }

    @Test
    void analysisTellsTheCostOfEachPart() throws Exception {
        PromqlEngine engine = engine(MANY, MANY, 100);
        QueryResult result =
                engine.query(range("sum(rate(m[5m])) / (2 * count(m))").withDetail(Detail.PLAN));
        PlanNode top = result.plan().orElseThrow();
        assertThat(top.kind()).isEqualTo("binary");
        PlanNode count = top.parts().get(1).parts().get(1);
        assertThat(count.expression()).isEqualTo("count(m)");
        assertThat(count.series()).isEqualTo(1);
        assertThat(count.samples()).isEqualTo(101);
        PlanNode selector = count.parts().get(0);
        assertThat(selector.kind()).isEqualTo("selector");
        assertThat(selector.series()).isEqualTo(100);
        assertThat(selector.samples()).isEqualTo(10_100);
        assertThat(selector.nanos()).isPositive().isLessThanOrEqualTo(count.nanos() * 64);
        PlanNode range = top.parts().get(0).parts().get(0).parts().get(0);
        assertThat(range.kind()).isEqualTo("range");
        assertThat(range.samples()).isEqualTo(100);
    }

    @Test
    void explainsWithoutEvaluating() throws Exception {
        PlanNode plan = new PromqlEngine(new Limits(1, 1, 1, 1, Set.of()), 0)
                .explain(QueryRequest.range("m * (1 + 1) + sum(m @ 5)", 0, 10, 1));
        assertThat(plan.parts().get(0).expression()).isEqualTo("m * (2)");
        assertThat(plan.parts().get(1).kind()).isEqualTo("once");
        assertThat(plan.uses()).isZero();
    }

    @Test
    void repeatedPartsAreEvaluatedOnce() throws Exception {
        PromqlEngine engine = engine(MANY, MANY, 100);
        QueryRequest request = range("sum(m) / (sum(m) + max(m)) or sum(m)").withDetail(Detail.PLAN);
        QueryResult result = engine.query(request);
        assertThat(evaluations(result.plan().orElseThrow(), "m")).isEqualTo(1);
        assertThat(result.statistics().samples()).isEqualTo(4 * 10_100);
        assertThat(((QueryValue.RangeVector) result.value()).series().get(0).values()[0])
                .isEqualTo(4950.0 / (4950 + 99));
    }

    /** How many selectors of this text were evaluated, or used from before. */
    private static long evaluations(PlanNode node, String text) {
        long own = node.expression().equals(text) && node.samples() > 0 ? 1 : 0;
        return own
                + node.parts().stream()
                        .mapToLong(part -> evaluations(part, text))
                        .sum();
    }

    @Test
    void eachOccurrenceOfARepeatedPartKeepsItsAnnotations() throws Exception {
        PromqlEngine engine = engine(MANY, MANY, 1);
        QueryResult result = engine.query(range("quantile(2, m) + quantile(2, m)"));
        assertThat(result.warnings()).hasSize(2);
    }

    @Test
    void countsSamplesPerStep() throws Exception {
        PromqlEngine engine = engine(MANY, MANY, 10);
        QueryRequest request = QueryRequest.range("sum_over_time(m[1s]) + m", 0, 3_000, 1_000);
        assertThat(engine.query(request.withDetail(Detail.STEPS)).statistics().samplesPerStep())
                .containsExactly(0L, 20L, 10L, 10L);
        assertThat(engine.query(request).statistics().samplesPerStep()).isEmpty();
    }
}
