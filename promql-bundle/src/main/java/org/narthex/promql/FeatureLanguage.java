package org.narthex.promql;

import java.util.Optional;

import org.narthex.promql.function.Functions;
import org.narthex.promql.parser.Language;
import org.narthex.promql.parser.Signature;

/** The language as feature flags and function packs make it. */
record FeatureLanguage(Limits limits, Functions functions) implements Language {
    @Override
    public Optional<Signature> function(String name) {
        return Optional.ofNullable(functions.signatures().get(name));
    }

    @Override
    public boolean experimentalFunctions() {
        return limits.has("promql-experimental-functions");
    }

    @Override
    public boolean extendedRangeSelectors() {
        return limits.has("promql-extended-range-selectors");
    }

    @Override
    public boolean fillModifiers() {
        return limits.has("promql-binop-fill-modifiers");
    }
}
