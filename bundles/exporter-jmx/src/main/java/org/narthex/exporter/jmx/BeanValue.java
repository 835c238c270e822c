package org.narthex.exporter.jmx;

import java.util.List;
import java.util.Map;

/**
 * One value of an MBean.
 *
 * @param properties  the properties of the bean's name in their order, and the indices of the tables the value lies in
 * @param path        names of the composites and tables the value lies in, from the outside
 * @param attribute   the last name of the value
 * @param description what the bean says of it; empty if nothing
 * @param value       a number, a truth value or a text
 */
record BeanValue(
        String domain,
        Map<String, String> properties,
        List<String> path,
        String attribute,
        String description,
        Object value) {
    BeanValue {
        path = List.copyOf(path);
    }

    /** What patterns are held against: {@code domain<property=value, …><path, …>attribute: value}. */
    String matchText(String attributeName, Object shownValue) {
        StringBuilder out = new StringBuilder(128).append(domain);
        char separator = '<';
        for (Map.Entry<String, String> property : properties.entrySet()) {
            out.append(separator == '<' ? "<" : ", ")
                    .append(property.getKey())
                    .append('=')
                    .append(property.getValue());
            separator = ',';
        }
        out.append(properties.isEmpty() ? "<>" : ">");
        return out.append('<')
                .append(String.join(", ", path))
                .append('>')
                .append(attributeName)
                .append(": ")
                .append(shownValue)
                .toString();
    }

    /** The help of values whose rule has none. */
    String help() {
        String where = domain + ":name=" + properties.get("name") + ",type=" + properties.get("type") + ",attribute="
                + attribute;
        return description.isEmpty() || description.equals(attribute) ? where : description + " " + where;
    }
}
