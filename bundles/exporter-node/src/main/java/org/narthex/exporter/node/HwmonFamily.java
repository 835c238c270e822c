package org.narthex.exporter.node;

import java.util.Map;
import java.util.Set;

import org.narthex.api.model.MetricType;

/**
 * The family a property of a sensor belongs to.
 *
 * @param factor turns the kernel's unit into the family's
 */
record HwmonFamily(String name, MetricType type, String help, double factor) {
    private static final double MILLI = 1e-3;
    private static final double MICRO = 1e-6;
    private static final Set<String> INTERVALS =
            Set.of("average_interval", "average_interval_min", "average_interval_max");
    private static final Set<String> SPEEDS = Set.of("input", "min", "max", "target");

    /** @param properties all that the sensor has */
    static HwmonFamily of(String kind, String property, Map<String, String> properties) {
        String name = "node_hwmon_" + kind + suffix(property, properties);
        switch (kind) {
            case "beep_enable":
                return gauge("node_hwmon_beep_enabled", "Hardware beep enabled", 1);
            case "vrm":
                return gauge("node_hwmon_voltage_regulator_version", "Hardware voltage regulator", 1);
            case "update_interval":
                return gauge("node_hwmon_update_interval_seconds", "Hardware monitor update interval", MILLI);
            default:
                break;
        }
        switch (property) {
            case "fault", "alarm":
                return gauge(name, "Hardware sensor " + property + " status (" + kind + ")", 1);
            case "beep":
                return gauge(name + "_enabled", "Hardware monitor sensor has beeping enabled", 1);
            default:
                return measured(kind, property, name);
        }
    }

    private static String suffix(String property, Map<String, String> properties) {
        if (property.isEmpty()) {
            return "";
        }
        // The input is the value itself, unless there is a file for that.
        return property.equals("input") && !properties.containsKey("") ? "" : "_" + HwmonCollector.cleaned(property);
    }

    private static HwmonFamily measured(String kind, String property, String name) {
        String which = " (" + property + ")";
        switch (kind) {
            case "in", "cpu":
                return gauge(name + "_volts", "Hardware monitor for voltage" + which, MILLI);
            case "temp":
                if (!property.equals("type")) {
                    return gauge(name + "_celsius", "Hardware monitor for temperature" + which, MILLI);
                }
                break;
            case "curr":
                return gauge(name + "_amps", "Hardware monitor for current" + which, MILLI);
            case "energy":
                return new HwmonFamily(
                        name + "_joule_total",
                        MetricType.COUNTER,
                        "Hardware monitor for joules used so far" + which,
                        MICRO);
            case "power":
                return power(property, name, which);
            case "humidity":
                return gauge(
                        name,
                        "Hardware monitor for humidity, as a ratio (multiply with 100.0 to get the humidity as a percentage)"
                                + which,
                        MICRO);
            case "fan":
                if (SPEEDS.contains(property)) {
                    return gauge(name + "_rpm", "Hardware monitor for fan revolutions per minute" + which, 1);
                }
                break;
            default:
                break;
        }
        return gauge(name, "Hardware monitor " + kind + " element " + property, 1);
    }

    private static HwmonFamily power(String property, String name, String which) {
        if (property.equals("accuracy")) {
            return gauge(name, "Hardware monitor power meter accuracy, as a ratio", MICRO);
        }
        if (INTERVALS.contains(property)) {
            return gauge(name + "_seconds", "Hardware monitor power usage update interval" + which, MILLI);
        }
        return gauge(name + "_watt", "Hardware monitor for power usage in watts" + which, MICRO);
    }

    private static HwmonFamily gauge(String name, String help, double factor) {
        return new HwmonFamily(name, MetricType.GAUGE, help, factor);
    }

    /** In node_exporter's arithmetic, so that the last bit is the same too. */
    double value(double raw) {
        return factor == MICRO ? raw / 1e6 : raw * factor;
    }
}
