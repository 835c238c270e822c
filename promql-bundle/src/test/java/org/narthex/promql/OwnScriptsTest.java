package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.narthex.promql.script.ScriptRunner;
import org.narthex.promql.script.ScriptStorage;

/** Our own scripts, with all features on and with none. */
class OwnScriptsTest {
    private static final List<String> SCRIPTS = List.of(
            "selectors",
            "rates",
            "matching",
            "aggregations",
            "functions",
            "histograms",
            "differences",
            "durations",
            "dates",
            "steps");

    private static final Limits NO_FEATURES = new Limits(300_000, 100_000, 100_000, 20, Set.of());

    @TestFactory
    Stream<DynamicTest> passWithAllFeatures() {
        return SCRIPTS.stream().map(name -> DynamicTest.dynamicTest(name, () -> run(name, Engines.runner())));
    }

    @TestFactory
    Stream<DynamicTest> passWithoutFeatures() {
        ScriptRunner runner =
                new ScriptRunner(ScriptStorage::new, storage -> Engines.over(storage, NO_FEATURES), Engines.language());
        return SCRIPTS.stream().map(name -> DynamicTest.dynamicTest(name, () -> run(name, runner)));
    }

    private static void run(String name, ScriptRunner runner) throws Exception {
        try (InputStream in = OwnScriptsTest.class.getResourceAsStream("/scripts/" + name + ".test")) {
            String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(runner.run(script).failures()).isEmpty();
        }
    }
}
