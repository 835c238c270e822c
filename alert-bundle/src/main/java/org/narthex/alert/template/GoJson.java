package org.narthex.alert.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;

/** JSON as Go's encoding/json writes it: keys of maps sorted, the angle brackets and the ampersand escaped. */
final class GoJson {
    private GoJson() {}

    /** A value with fields in an order of its own. */
    interface Fields {
        /** By their names in JSON. */
        Map<String, Object> jsonFields();
    }

    static String write(Object value) throws TemplateException {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) throws TemplateException {
        if (value == null || (value instanceof KeyValues labels && labels.isAbsent())) {
            out.append("null");
        } else if (value instanceof Fields fields) {
            object(fields.jsonFields(), out);
        } else if (value instanceof Labels labels) {
            object(labels.toMap(), out);
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>(Labels.UTF8_ORDER);
            map.forEach((key, element) -> sorted.put(key.toString(), element));
            object(sorted, out);
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : new ArrayList<Object>(list)) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof GoDuration duration) {
            out.append(duration.nanos());
        } else if (value instanceof GoTime time) {
            string(time.format("2006-01-02T15:04:05.999999999Z07:00"), out);
        } else {
            string(value.toString(), out);
        }
    }

    private static void object(Map<String, ?> fields, StringBuilder out) throws TemplateException {
        String separator = "{";
        for (Map.Entry<String, ?> field : fields.entrySet()) {
            out.append(separator);
            string(field.getKey(), out);
            out.append(':');
            write(field.getValue(), out);
            separator = ",";
        }
        out.append(fields.isEmpty() ? "{}" : "}");
    }

    private static String number(double number) throws TemplateException {
        if (GoFormat.isSpecial(number)) {
            throw new TemplateException("json: unsupported value: " + GoFormat.shortest(number));
        }
        double abs = Math.abs(number);
        if (abs != 0 && (abs < 1e-6 || abs >= 1e21)) {
            // Go writes an exponent of one digit as such.
            return GoFormat.shortest(number).replaceFirst("e-0", "e-");
        }
        return abs == 0
                ? 1 / number < 0 ? "-0" : "0"
                : new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        out.append("\\u").append(String.format("%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
