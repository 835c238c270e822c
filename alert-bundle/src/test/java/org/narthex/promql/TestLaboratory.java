package org.narthex.promql;

import java.util.Set;

import org.narthex.api.query.QueryEngine;
import org.narthex.api.storage.Storage;

/** Makes an engine over a storage of the test's, without a framework; it stands in the engine's package because only that may. */
public final class TestLaboratory {
    private TestLaboratory() {}

    public static QueryEngine engine(Storage storage) {
        PromqlEngine engine = new PromqlEngine(new Limits(300_000, 100_000, 50_000_000, 20, Set.of()), 0);
        engine.bindStorage(storage);
        return engine;
    }
}
