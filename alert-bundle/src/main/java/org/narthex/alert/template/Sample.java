package org.narthex.alert.template;

import java.util.List;

import org.narthex.api.model.Labels;

/** A sample as templates see it: {@code .Labels} and {@code .Value}. */
public record Sample(Labels labels, double value) implements Members {
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
