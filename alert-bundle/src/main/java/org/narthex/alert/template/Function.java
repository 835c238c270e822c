package org.narthex.alert.template;

import java.util.List;

/**
 * A function that templates call.
 *
 * @param least the fewest arguments
 * @param most the most arguments, -1 for any number
 */
record Function(int least, int most, Code code) {
    /** What it does; exceptions tell the reason alone, where it happened is added. */
    @FunctionalInterface
    interface Code {
        Object call(List<Object> arguments) throws TemplateException;
    }

    static Function of(int count, Code code) {
        return new Function(count, count, code);
    }

    static Function variadic(int least, Code code) {
        return new Function(least, -1, code);
    }

    /** The argument, which must be a string. */
    static String string(List<Object> arguments, int index) throws TemplateException {
        if (arguments.get(index) instanceof String text) {
            return text;
        }
        throw wrongType("string", arguments.get(index));
    }

    static TemplateException wrongType(String wanted, Object found) {
        return new TemplateException("wrong type for value; expected " + wanted + "; got " + GoFormat.typeName(found));
    }
}
