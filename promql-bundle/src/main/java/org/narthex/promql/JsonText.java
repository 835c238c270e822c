package org.narthex.promql;

/** JSON, piece by piece, for what the engine writes to files. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();

    /** Adds {@code "name":} with the comma before it that it needs. */
    JsonText key(String name) {
        char last = out.charAt(out.length() - 1);
        if (last != '{') {
            out.append(',');
        }
        string(name);
        out.append(':');
        return this;
    }

    JsonText open() {
        out.append('{');
        return this;
    }

    JsonText close() {
        out.append('}');
        return this;
    }

    JsonText number(long value) {
        out.append(value);
        return this;
    }

    /** Nanoseconds as seconds. */
    JsonText seconds(long nanos) {
        out.append(nanos / 1e9);
        return this;
    }

    JsonText string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
