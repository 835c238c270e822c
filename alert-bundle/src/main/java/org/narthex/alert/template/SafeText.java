package org.narthex.alert.template;

import java.util.List;

/** A text that the template's author declares to be safe in its place, so that HTML output leaves it as it is. */
record SafeText(Kind kind, String text) implements Members {
    enum Kind {
        HTML,
        URL
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        throw Members.unknown(name, typeName());
    }

    @Override
    public String typeName() {
        return kind == Kind.HTML ? "template.HTML" : "template.URL";
    }

    @Override
    public String toString() {
        return text;
    }
}
