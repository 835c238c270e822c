package org.narthex.itests.sample;

import java.util.Map;

import org.narthex.api.query.FunctionPack;
import org.osgi.service.component.annotations.Component;

/** A pack of two functions, one of whose names is taken. */
@Component
public final class SampleFunctions implements FunctionPack {
    @Override
    public Map<String, Function> functions() {
        OverSample fahrenheit = (celsius, none) -> celsius * 9 / 5 + 32;
        return Map.of("fahrenheit", new Declared(0, 0, fahrenheit), "abs", fahrenheit);
    }
}
