package org.narthex.alert.template;

import java.util.List;

/** A value with fields and methods that a template may name. */
interface Members {
    /**
     * The field of the name, or what the method of the name returns.
     *
     * @throws TemplateException {@link #unknown} if there is none
     */
    Object member(String name, List<Object> arguments) throws TemplateException;

    /** The Go type, for messages. */
    String typeName();

    static TemplateException unknown(String name, String typeName) {
        return new TemplateException("can't evaluate field " + name + " in type " + typeName);
    }
}
