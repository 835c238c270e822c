package org.narthex.promql.parser;

import java.util.List;

/**
 * What a function takes and gives.
 *
 * @param arguments types of the arguments; the last one stands for all variadic ones too
 * @param variadic how many of the last arguments may be left out or, if -1, repeated without bound; 0 for a fixed list
 * @param experimental whether {@code --enable-feature=promql-experimental-functions} is needed
 */
public record Signature(String name, List<ValueType> arguments, int variadic, ValueType returns, boolean experimental) {
    public static Signature of(String name, ValueType returns, ValueType... arguments) {
        return new Signature(name, List.of(arguments), 0, returns, false);
    }

    public Signature withVariadic(int count) {
        return new Signature(name, arguments, count, returns, experimental);
    }

    public Signature asExperimental() {
        return new Signature(name, arguments, variadic, returns, true);
    }
}
