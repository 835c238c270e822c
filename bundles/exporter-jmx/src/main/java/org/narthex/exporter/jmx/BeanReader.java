package org.narthex.exporter.jmx;

import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.TabularData;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the attributes of MBeans, and what composites and tables hold. For one thread at a time. */
final class BeanReader {
    private static final Logger LOG = LoggerFactory.getLogger(BeanReader.class);
    private static final Pattern PROPERTY = Pattern.compile("([^,=:*?]+)=(\"(?:[^\\\\\"]|\\\\.)*\"|[^,=:\"]*)");

    private final MBeanServer server;
    private final Settings settings;
    /** Attributes that had nothing to show. */
    private final Map<ObjectName, Set<String>> useless = new HashMap<>();

    BeanReader(MBeanServer server, Settings settings) {
        this.server = server;
        this.settings = settings;
    }

    /** Gives every value to the consumer; a bean that cannot be read is left out. */
    void read(Consumer<BeanValue> values) {
        Set<ObjectName> names = names();
        useless.keySet().retainAll(names);
        for (ObjectName name : names) {
            try {
                bean(name, values);
            } catch (InstanceNotFoundException e) {
                LOG.debug("{} is gone", name);
            } catch (JMException | RuntimeException e) {
                LOG.debug("{} cannot be read", name, e);
            }
        }
    }

    private Set<ObjectName> names() {
        Set<ObjectName> names = new LinkedHashSet<>();
        if (settings.included().isEmpty()) {
            names.addAll(server.queryNames(null, null));
        }
        settings.included().forEach(pattern -> names.addAll(server.queryNames(pattern, null)));
        settings.excluded().forEach(pattern -> names.removeIf(pattern::apply));
        return names;
    }

    private void bean(ObjectName name, Consumer<BeanValue> values) throws JMException {
        Map<String, MBeanAttributeInfo> readable = new LinkedHashMap<>();
        for (MBeanAttributeInfo info : server.getMBeanInfo(name).getAttributes()) {
            if (info.isReadable() && !isLeftOut(name, info.getName())) {
                readable.put(info.getName(), info);
            }
        }
        Map<String, String> properties = properties(name);
        Set<String> missing = new HashSet<>(readable.keySet());
        // What cannot be read is not in the answer.
        for (Attribute attribute : server.getAttributes(name, readable.keySet().toArray(String[]::new))
                .asList()) {
            MBeanAttributeInfo info = readable.get(attribute.getName());
            if (info == null) {
                continue;
            }
            missing.remove(info.getName());
            String description = Optional.ofNullable(info.getDescription()).orElse("");
            boolean shown = value(
                    new BeanValue(name.getDomain(), properties, List.of(), info.getName(), description, ""),
                    attribute.getValue(),
                    values);
            if (!shown) {
                missing.add(info.getName());
            }
        }
        if (settings.autoExclude() && !missing.isEmpty()) {
            useless.computeIfAbsent(name, any -> new HashSet<>()).addAll(missing);
        }
    }

    private boolean isLeftOut(ObjectName name, String attribute) {
        boolean asked = settings.attributesOnly().isEmpty()
                || settings.attributesOnly().getOrDefault(name, Set.of()).contains(attribute);
        return !asked
                || settings.attributesLeft().getOrDefault(name, Set.of()).contains(attribute)
                || useless.getOrDefault(name, Set.of()).contains(attribute);
    }

    /** As the name has them: with their quotes, and in their order. */
    static Map<String, String> properties(ObjectName name) {
        Map<String, String> properties = new LinkedHashMap<>();
        Matcher matcher = PROPERTY.matcher(name.getKeyPropertyListString());
        while (matcher.find()) {
            properties.put(matcher.group(1), matcher.group(2));
        }
        return properties;
    }

    /**
     * Gives a value, or those within it.
     *
     * @param place where it stands; its own value counts for nothing
     * @return false if it is of a kind that nothing can be made of. What is null today may be something tomorrow
     */
    // Beans have dates, whatever is thought of them.
    @SuppressWarnings("JavaUtilDate")
    private static boolean value(BeanValue place, Object value, Consumer<BeanValue> values) {
        if (value == null) {
            return true;
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof String) {
            give(place, value, values);
        } else if (value instanceof Date date) {
            give(place, date.getTime() / 1000.0, values);
        } else if (value instanceof Enum<?> constant) {
            give(place, constant.name(), values);
        } else if (value instanceof Optional<?> optional) {
            return value(place, optional.orElse(null), values);
        } else if (value instanceof CompositeData composite) {
            for (String key : composite.getCompositeType().keySet()) {
                value(within(place, place.properties(), key), composite.get(key), values);
            }
        } else if (value instanceof TabularData table) {
            table(place, table, values);
        } else {
            return false;
        }
        return true;
    }

    private static void give(BeanValue place, Object value, Consumer<BeanValue> values) {
        values.accept(new BeanValue(
                place.domain(), place.properties(), place.path(), place.attribute(), place.description(), value));
    }

    private static BeanValue within(BeanValue outer, Map<String, String> properties, String name) {
        List<String> path = new ArrayList<>(outer.path());
        path.add(outer.attribute());
        return new BeanValue(outer.domain(), properties, path, name, outer.description(), "");
    }

    /** The indices of a row become properties. A column named value is the row itself, as tables mostly are maps. */
    private static void table(BeanValue place, TabularData table, Consumer<BeanValue> values) {
        List<String> indices = table.getTabularType().getIndexNames();
        CompositeType row = table.getTabularType().getRowType();
        Set<String> columns = new TreeSet<>(row.keySet());
        columns.removeAll(indices);
        for (Object each : table.values()) {
            if (each instanceof CompositeData data) {
                Map<String, String> properties = new LinkedHashMap<>(place.properties());
                for (String index : indices) {
                    Object key = data.get(index);
                    if (key != null) {
                        // A table within a table has an index of the same name again.
                        String name = index;
                        while (properties.containsKey(name)) {
                            name += "_";
                        }
                        properties.put(name, key.toString());
                    }
                }
                for (String column : columns) {
                    BeanValue cell = column.equalsIgnoreCase("value")
                            ? new BeanValue(
                                    place.domain(),
                                    properties,
                                    place.path(),
                                    place.attribute(),
                                    place.description(),
                                    "")
                            : within(place, properties, column);
                    value(cell, data.get(column), values);
                }
            }
        }
    }
}
