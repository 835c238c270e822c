package org.narthex.push;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricFamily;

/**
 * Finds what could not be exposed on one page: a family of two types, a series twice, a name that is also a part of a histogram or summary. Different
 * help texts are let pass, as the Pushgateway does; the newest is shown.
 */
final class Consistency {
    private static final List<String> PARTS = List.of("_bucket", "_sum", "_count");

    private final Collection<PushedGroup> groups;

    /** @param groups all there are, in their state before the push */
    Consistency(Collection<PushedGroup> groups) {
        this.groups = groups;
    }

    /**
     * Checks a push.
     *
     * @param after the group as it would be
     * @param pushed its families that are new
     */
    void check(PushedGroup after, List<MetricFamily> pushed) throws InconsistentPushException {
        Map<String, MetricType> types = types(after);
        for (MetricFamily family : pushed) {
            checkNames(family, types);
            Set<List<Object>> series = new HashSet<>();
            for (MetricFamily.Sample sample : family.samples()) {
                checkLabels(sample);
                if (!series.add(key(sample))) {
                    throw twice(sample);
                }
            }
            for (PushedGroup group : groups) {
                PushedGroup.Pushed other = group.families().get(family.name());
                if (other != null && mayShareSeries(group.labels(), after.labels())) {
                    for (MetricFamily.Sample sample : other.family().samples()) {
                        if (series.contains(key(sample))) {
                            throw twice(sample);
                        }
                    }
                }
            }
        }
    }

    /** The type of each family there will be, those of the push not compared with others yet. */
    private Map<String, MetricType> types(PushedGroup after) throws InconsistentPushException {
        Map<String, MetricType> types = new HashMap<>();
        for (PushedGroup group : groups) {
            if (!group.labels().equals(after.labels())) {
                group.families()
                        .forEach((name, pushed) ->
                                types.put(name, pushed.family().type()));
            }
        }
        for (PushedGroup.Pushed pushed : after.families().values()) {
            MetricFamily family = pushed.family();
            MetricType other = types.put(family.name(), family.type());
            if (other != null && other != family.type()) {
                throw new InconsistentPushException("metric family " + family.name() + " is a "
                        + family.type().word() + ", but in another group a " + other.word());
            }
        }
        return types;
    }

    private static void checkNames(MetricFamily family, Map<String, MetricType> types)
            throws InconsistentPushException {
        String name = family.name();
        for (String part : PARTS) {
            if (name.endsWith(part)) {
                checkPart(name, name.substring(0, name.length() - part.length()), part, types);
            }
            if (types.containsKey(name + part)) {
                checkPart(name + part, name, part, types);
            }
        }
    }

    private static void checkPart(String name, String whole, String part, Map<String, MetricType> types)
            throws InconsistentPushException {
        MetricType type = types.get(whole);
        if (type == MetricType.HISTOGRAM || (type == MetricType.SUMMARY && !part.equals("_bucket"))) {
            throw new InconsistentPushException(
                    "metric family " + name + " has the name of a part of the " + type.word() + " " + whole);
        }
    }

    private static void checkLabels(MetricFamily.Sample sample) throws InconsistentPushException {
        for (int i = 0; i < sample.labels().size(); i++) {
            if (sample.labels().name(i).startsWith("__")) {
                throw new InconsistentPushException("metric " + sample.name() + " has the reserved label name \""
                        + sample.labels().name(i) + "\"");
            }
        }
    }

    /** Whether a series with the labels of the one can be one with those of the other: another group of which no label differs. */
    private static boolean mayShareSeries(Labels one, Labels other) {
        if (one.equals(other)) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            String value = other.get(one.name(i));
            if (!value.isEmpty() && !value.equals(one.value(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<Object> key(MetricFamily.Sample sample) {
        return List.of(sample.name(), sample.labels());
    }

    private static InconsistentPushException twice(MetricFamily.Sample sample) {
        return new InconsistentPushException("collected metric " + sample.name() + sample.labels()
                + " was collected before with the same name and label values");
    }
}
