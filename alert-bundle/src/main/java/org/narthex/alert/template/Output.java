package org.narthex.alert.template;

/** Where a template writes. */
interface Output {
    /** Text that stands in the template. */
    void text(String text) throws TemplateException;

    /** What an action gave; null for nothing. */
    void value(Object value) throws TemplateException;

    /** All of it so far. */
    String result();

    /** An empty one of the same kind. */
    Output anew();

    /** Takes everything as it is. */
    final class Plain implements Output {
        private final StringBuilder out = new StringBuilder();

        @Override
        public void text(String text) throws TemplateException {
            append(out, text);
        }

        @Override
        public void value(Object value) throws TemplateException {
            append(out, value == null ? "<no value>" : GoFormat.value(value));
        }

        @Override
        public String result() {
            return out.toString();
        }

        @Override
        public Output anew() {
            return new Plain();
        }
    }

    /** More than that is a mistake of the template. */
    int MAX_CHARS = 16 << 20;

    /** @throws TemplateException if it would be too much */
    static void append(StringBuilder out, String text) throws TemplateException {
        if (out.length() + text.length() > MAX_CHARS) {
            throw new TemplateException("output exceeds " + MAX_CHARS + " characters");
        }
        out.append(text);
    }
}
