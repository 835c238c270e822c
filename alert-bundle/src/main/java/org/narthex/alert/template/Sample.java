package org.narthex.alert.template;

import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;

/**
 * A sample as templates see it: {@code .Labels} and {@code .Value}.
 *
 * @param value a {@link Double} or a {@link Histogram}
 */
public record Sample(Labels labels, Object value) implements Members {
    public Sample {
        if (!(value instanceof Double) && !(value instanceof Histogram)) {
            throw new IllegalArgumentException("a sample's value is a number or a histogram, not " + value);
        }
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "Labels" -> labels;
            case "Value" -> value;
            default -> throw Members.unknown(name, typeName());
        };
    }

    @Override
    public String typeName() {
        return "*template.sample";
    }
}
