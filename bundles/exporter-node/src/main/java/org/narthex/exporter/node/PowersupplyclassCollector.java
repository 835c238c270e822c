package org.narthex.exporter.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Batteries and power lines from {@code /sys/class/power_supply}. */
final class PowersupplyclassCollector implements Collector {
    private static final String FOLDER = "class/power_supply";
    private static final double MICRO = 1e-6;
    private static final double TENTHS = 1e-1;

    private static final List<Attribute> NUMBERS = Stream.of(
                    plain("authentic calibrate capacity capacity_alert_max capacity_alert_min online present", 1),
                    List.of(
                            number("cycle_count", "cyclecount", 1),
                            number("time_to_empty_now", "time_to_empty_seconds", 1),
                            number("time_to_full_now", "time_to_full_seconds", 1)),
                    plain(
                            "current_boot current_max energy_empty energy_empty_design energy_full energy_full_design"
                                    + " voltage_boot voltage_max voltage_max_design voltage_min voltage_min_design voltage_ocv"
                                    + " charge_control_limit charge_control_limit_max charge_counter charge_empty"
                                    + " charge_empty_design charge_full charge_full_design charge_term_current"
                                    + " constant_charge_current constant_charge_current_max constant_charge_voltage"
                                    + " constant_charge_voltage_max precharge_current input_current_limit",
                            MICRO),
                    List.of(
                            number("current_now", "current_ampere", MICRO),
                            number("energy_now", "energy_watthour", MICRO),
                            number("voltage_now", "voltage_volt", MICRO),
                            number("charge_now", "charge_ampere", MICRO),
                            number("power_now", "power_watt", MICRO)),
                    KernelFiles.words(
                                    "temp temp_alert_max temp_alert_min temp_ambient temp_ambient_max temp_ambient_min"
                                            + " temp_max temp_min")
                            .stream()
                            .map(file -> number(file, file + "_celsius", TENTHS))
                            .toList())
            .flatMap(List::stream)
            .toList();

    private static final List<String> TEXTS =
            KernelFiles.words("capacity_level charge_type health manufacturer model_name"
                    + " serial_number status technology type usb_type scope");

    private final KernelFiles sys;
    private final Filter supplies;

    PowersupplyclassCollector(KernelFiles sys, Filter supplies) {
        this.sys = sys;
        this.supplies = supplies;
    }

    private static List<Attribute> plain(String files, double factor) {
        return KernelFiles.words(files).stream()
                .map(file -> number(file, file, factor))
                .toList();
    }

    private static Attribute number(String file, String name, double factor) {
        return Attribute.gauge(
                file, "node_power_supply_" + name, name + " value of /sys/class/power_supply/<power_supply>.", factor);
    }

    @Override
    public String name() {
        return "powersupplyclass";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (String supply : sys.names(FOLDER)) {
            if (!supplies.accepts(supply)) {
                continue;
            }
            String folder = FOLDER + "/" + supply;
            for (Attribute number : NUMBERS) {
                number.write(sink, sys, folder, "power_supply", supply);
            }
            List<String> labels = new ArrayList<>(List.of("power_supply", supply));
            for (String file : TEXTS) {
                sys.line(folder + "/" + file).filter(text -> !text.isEmpty()).ifPresent(text -> {
                    labels.add(file);
                    labels.add(text);
                });
            }
            sink.family("node_power_supply_info", MetricType.GAUGE, "info of /sys/class/power_supply/<power_supply>.");
            sink.sample("node_power_supply_info", 1, labels.toArray(String[]::new));
        }
    }
}
