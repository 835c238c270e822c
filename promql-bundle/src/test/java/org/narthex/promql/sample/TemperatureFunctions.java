package org.narthex.promql.sample;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

import org.narthex.api.query.FunctionPack;
import org.osgi.service.component.annotations.Component;

/** The sample of docs/function-packs.md: one function of each kind. */
@Component
public final class TemperatureFunctions implements FunctionPack {
    @Override
    public Map<String, Function> functions() {
        OverSample fahrenheit = (celsius, none) -> celsius * 9 / 5 + 32;
        OverWindow rise = (window, none) -> window.value(window.size() - 1) - window.value(0);
        OverVector aboveMean = (rooms, none, texts, out) -> {
            double sum =
                    IntStream.range(0, rooms.size()).mapToDouble(rooms::value).sum();
            Arrays.setAll(out, i -> rooms.value(i) - sum / rooms.size());
        };
        return Map.of(
                "fahrenheit", new Declared(0, 0, fahrenheit),
                "temperature_rise", new Declared(0, 0, rise),
                "above_mean", aboveMean);
    }
}
