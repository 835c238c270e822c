package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.query.FunctionPack;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryValue;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.promql.sample.TemperatureFunctions;
import org.narthex.promql.script.ScriptRunner;
import org.narthex.promql.script.ScriptStorage;

class FunctionPacksTest {
    private static final FunctionPack.OverSample TWICE = (sample, parameters) -> sample * 2;

    private final PromqlEngine engine = new PromqlEngine(new Limits(300_000, 100_000, 1_000, 2, Set.of()), 0);

    @BeforeEach
    void load() throws Exception {
        Storage storage = new ScriptStorage();
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "m"), SampleBatch.NO_REF, 1_000, 7);
        storage.append(batch);
        engine.bindStorage(storage);
    }

    @AfterEach
    void stop() {
        engine.deactivate();
    }

    private double[] vector(String expression) throws QueryException {
        return ((QueryValue.InstantVector)
                        engine.query(QueryRequest.instant(expression, 1_000)).value())
                .values();
    }

    private String refusal(String expression) {
        try {
            engine.query(QueryRequest.instant(expression, 1_000));
        } catch (QueryException e) {
            return e.kind() + " " + e.getMessage();
        }
        throw new AssertionError("not refused: " + expression);
    }

    private Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        engine.collect(new MetricSink() {
            @Override
            public void family(String name, MetricType type, String help) {}

            @Override
            public void sample(String name, double value, String... labels) {
                metrics.put(name, value);
            }
        });
        return metrics;
    }

    @Test
    void functionsComeAndGo() throws Exception {
        FunctionPack pack = () -> Map.of("twice", TWICE);
        assertThat(refusal("twice(m)")).contains("unknown function with name \"twice\"");
        engine.addPack(pack);
        assertThat(vector("twice(m)")).containsExactly(14);
        assertThat(metrics()).containsEntry("narthex_promql_pack_functions", 1.0);
        engine.removePack(pack);
        assertThat(refusal("twice(m)")).contains("unknown function with name \"twice\"");
        assertThat(metrics()).containsEntry("narthex_promql_pack_functions", 0.0);
    }

    @Test
    void namesOfPromqlAreRefusedAndTheOthersTaken() throws Exception {
        engine.addPack(
                () -> Map.of("abs", TWICE, "sum", TWICE, "bool", TWICE, "Twice", TWICE, "", TWICE, "twice", TWICE));
        assertThat(vector("abs(m)")).containsExactly(7);
        assertThat(vector("sum(m)")).containsExactly(7);
        assertThat(vector("twice(m)")).containsExactly(14);
        assertThat(metrics())
                .containsEntry("narthex_promql_pack_functions", 1.0)
                .containsEntry("narthex_promql_pack_functions_refused", 5.0);
    }

    @Test
    void theEarlierPackKeepsItsNameUntilItGoes() throws Exception {
        FunctionPack earlier = () -> Map.of("twice", TWICE);
        FunctionPack later =
                () -> Map.of("twice", (FunctionPack.OverSample) (sample, parameters) -> sample + sample + 1);
        engine.addPack(earlier);
        engine.addPack(later);
        assertThat(vector("twice(m)")).containsExactly(14);
        assertThat(metrics()).containsEntry("narthex_promql_pack_functions_refused", 1.0);
        engine.removePack(earlier);
        assertThat(vector("twice(m)")).containsExactly(15);
        assertThat(metrics()).containsEntry("narthex_promql_pack_functions_refused", 0.0);
    }

    @Test
    void aPackThatCannotBeAskedIsLeftOut() throws Exception {
        engine.addPack(() -> {
            throw new NoClassDefFoundError("gone");
        });
        assertThat(vector("abs(m)")).containsExactly(7);
    }

    @Test
    void aFailingFunctionFailsOnlyItsQuery() throws Exception {
        FunctionPack.OverSample broken = (sample, parameters) -> {
            throw new IllegalStateException("broken");
        };
        FunctionPack.OverVector picky = (elements, parameters, texts, out) -> {
            throw new IllegalArgumentException("no such label: " + texts.get(0));
        };
        engine.addPack(() -> Map.of("broken", broken, "picky", picky));
        assertThat(refusal("broken(m)"))
                .isEqualTo("EXECUTION function broken failed: java.lang.IllegalStateException: broken");
        assertThat(refusal("picky(m, \"x\")")).isEqualTo("EXECUTION function picky: no such label: x");
        assertThat(vector("abs(m)")).containsExactly(7);
    }

    @Test
    void declaredFunctionsTakeSoManyNumbers() throws Exception {
        FunctionPack.OverSample count = (sample, parameters) -> parameters.length;
        FunctionPack.OverVector vector = (elements, parameters, texts, out) -> out[0] = parameters[0] + texts.size();
        engine.addPack(() -> Map.of(
                "any", count,
                "two", new FunctionPack.Declared(2, 2, count),
                "some", new FunctionPack.Declared(1, 3, count),
                "vectors", new FunctionPack.Declared(1, 1, vector)));
        assertThat(vector("any(m)")).containsExactly(0);
        assertThat(vector("any(m, 1, 2, 3, 4)")).containsExactly(4);
        assertThat(vector("two(m, 1, 2)")).containsExactly(2);
        assertThat(refusal("two(m, 1)")).contains("expected 3 argument(s) in call to \"two\", got 2");
        assertThat(vector("some(m, 1)")).containsExactly(1);
        assertThat(vector("some(m, 1, 2, 3)")).containsExactly(3);
        assertThat(refusal("some(m)")).contains("expected at least 2 argument(s)");
        assertThat(refusal("some(m, 1, 2, 3, 4)")).contains("expected at most 4 argument(s)");
        assertThat(refusal("some(m[5m], 1)")).contains("expected type instant vector");
        assertThat(vector("vectors(m, 5, \"a\", \"b\")")).containsExactly(7);
        assertThat(vector("vectors(m, 5)")).containsExactly(5);
        assertThat(refusal("vectors(m, 5, 6)")).contains("expected type string");
        assertThatThrownBy(() -> new FunctionPack.Declared(0, 1, vector)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FunctionPack.Declared(2, 1, count)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSampleOfTheDocumentationWorks() throws Exception {
        FunctionPacks packs = new FunctionPacks();
        packs.add(new TemperatureFunctions());
        ScriptRunner runner = new ScriptRunner(
                ScriptStorage::new,
                storage -> {
                    PromqlEngine with = Engines.over(storage, Engines.ALL_FEATURES);
                    with.addPack(new TemperatureFunctions());
                    return with;
                },
                new FeatureLanguage(Engines.ALL_FEATURES, packs.functions()));
        assertThat(runner.run("""
                load 1h
                  celsius{room="1"} 20 25 30 stale
                  celsius{room="2"} 18 27 20 20
                  celsius{room="3"} 10 {{}} 10 10

                eval range from 0 to 2h step 1h fahrenheit(celsius)
                  {room="1"} 68 77 86
                  {room="2"} 64.4 80.6 68
                  {room="3"} 50 _ 50

                eval instant at 3h temperature_rise(celsius[3h])
                  {room="1"} 5
                  {room="2"} -7
                  {room="3"} 0

                eval range from 0 to 3h step 1h above_mean(celsius)
                  celsius{room="1"} 4 -1 10 _
                  celsius{room="2"} 2 1 0 5
                  celsius{room="3"} -6 _ -10 -5
                """).failures()).isEmpty();
    }
}
