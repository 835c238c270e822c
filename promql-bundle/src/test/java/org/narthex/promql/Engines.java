package org.narthex.promql;

import java.util.Set;

import org.narthex.api.storage.Storage;
import org.narthex.promql.function.Functions;
import org.narthex.promql.parser.Language;
import org.narthex.promql.script.ScriptRunner;
import org.narthex.promql.script.ScriptStorage;

/** Engines set up as the upstream scripts want them. */
final class Engines {
    static final Limits ALL_FEATURES = new Limits(
            300_000,
            100_000,
            10_000,
            20,
            Set.of(
                    "promql-experimental-functions",
                    "promql-extended-range-selectors",
                    "promql-binop-fill-modifiers",
                    "promql-delayed-name-removal",
                    "use-start-timestamps"));

    private Engines() {}

    static PromqlEngine over(Storage storage, Limits limits) {
        PromqlEngine engine = new PromqlEngine(limits, 0);
        engine.bindStorage(storage);
        return engine;
    }

    static Language language() {
        return new FeatureLanguage(ALL_FEATURES, Functions.builtIn());
    }

    static ScriptRunner runner() {
        return new ScriptRunner(ScriptStorage::new, storage -> over(storage, ALL_FEATURES), language());
    }
}
