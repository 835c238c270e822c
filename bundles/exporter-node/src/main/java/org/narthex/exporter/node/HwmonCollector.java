package org.narthex.exporter.node;

import java.io.File;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.scrape.MetricSink;

/**
 * Sensors from {@code /sys/class/hwmon}; the kernel's {@code Documentation/hwmon/sysfs-interface.rst} says what the files are. A file is named after the
 * kind of sensor, its number and one of its properties: {@code temp1_crit}.
 */
final class HwmonCollector implements Collector {
    private static final String FOLDER = "class/hwmon";
    private static final Pattern SENSOR_FILE = Pattern.compile(
            "(vrm|beep_enable|update_interval|in|cpu|fan|pwm|temp|curr|power|energy|humidity|intrusion)(\\d*)(?:_(.+))?");

    private final KernelFiles sys;
    private final Filter chips;

    HwmonCollector(KernelFiles sys, Filter chips) {
        this.sys = sys;
        this.chips = chips;
    }

    /** A sensor and its properties by name; the one without a name is "". */
    private record Sensor(String kind, Map<String, String> properties) {}

    @Override
    public String name() {
        return "hwmon";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (String monitor : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + monitor;
            String chip = chip(folder);
            if (sys.file(folder).isDirectory() && chips.accepts(chip)) {
                collect(sink, folder, chip);
            }
        }
    }

    private void collect(MetricSink sink, String folder, String chip) {
        Optional<String> name = sys.line(folder + "/name").map(HwmonCollector::cleaned);
        if (name.isPresent() && !name.get().isEmpty()) {
            sink.gauge(
                    "node_hwmon_chip_names",
                    "Annotation metric for human-readable chip names",
                    1,
                    "chip",
                    chip,
                    "chip_name",
                    name.get());
        }
        Map<String, Sensor> sensors = new TreeMap<>();
        read(folder, sensors);
        // Old drivers have the files one folder further.
        read(folder + "/device", sensors);
        sensors.forEach((id, sensor) -> {
            String label = sensor.properties().get("label");
            if (label != null && !cleaned(label).isEmpty()) {
                sink.gauge(
                        "node_hwmon_sensor_label",
                        "Label for given chip and sensor",
                        1,
                        "chip",
                        chip,
                        "sensor",
                        id,
                        "label",
                        label);
            }
            sensor.properties().forEach((property, text) -> {
                HwmonFamily family = HwmonFamily.of(sensor.kind(), property, sensor.properties());
                Optional<Double> value = parsed(text);
                if (value.isPresent() && !property.equals("label")) {
                    sink.family(family.name(), family.type(), family.help());
                    sink.sample(family.name(), family.value(value.get()), "chip", chip, "sensor", id);
                }
            });
        });
    }

    private void read(String folder, Map<String, Sensor> sensors) {
        for (String file : sys.names(folder)) {
            Matcher parts = SENSOR_FILE.matcher(file);
            if (parts.matches()) {
                // What has no number is number 0.
                String id = parts.group(1) + (parts.group(2).isEmpty() ? "0" : parts.group(2));
                String property = parts.group(3) == null ? "" : parts.group(3);
                sys.line(folder + "/" + file).ifPresent(text -> sensors.computeIfAbsent(
                                id, any -> new Sensor(parts.group(1), new TreeMap<>()))
                        .properties()
                        .put(property, text));
            }
        }
    }

    private static Optional<Double> parsed(String text) {
        try {
            return Optional.of(Double.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The numbers of monitors depend on the order of modules; where the device stands in the tree does not. */
    private String chip(String folder) throws IOException {
        File device = sys.file(folder + "/device");
        if (device.exists()) {
            File real = device.getCanonicalFile();
            String name = cleaned(real.getName());
            String bus = cleaned(real.getParentFile().getName());
            if (!name.isEmpty()) {
                return bus.isEmpty() ? name : bus + "_" + name;
            }
        }
        return sys.line(folder + "/name")
                .map(HwmonCollector::cleaned)
                .filter(name -> !name.isEmpty())
                .orElseGet(() -> cleaned(folder.substring(folder.lastIndexOf('/') + 1)));
    }

    /** As a part of a metric's name. */
    static String cleaned(String name) {
        String lower = name.toLowerCase(Locale.ROOT).strip();
        StringBuilder cleaned = new StringBuilder(lower.length());
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '_';
            cleaned.append(plain ? c : '_');
        }
        int from = 0;
        int to = cleaned.length();
        while (from < to && cleaned.charAt(from) == '_') {
            from++;
        }
        while (from < to && cleaned.charAt(to - 1) == '_') {
            to--;
        }
        return cleaned.substring(from, to);
    }
}
