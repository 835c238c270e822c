package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** Bonded network devices from {@code /sys/class/net}. */
final class BondingCollector implements Collector {
    private static final String NET = "class/net/";

    private final KernelFiles sys;

    BondingCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "bonding";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String master : KernelFiles.words(sys.source(NET + "bonding_masters"))) {
            List<String> slaves = KernelFiles.words(sys.text(NET + master + "/bonding/slaves"));
            long active = slaves.stream().filter(slave -> isUp(master, slave)).count();
            sink.gauge(
                    "node_bonding_slaves",
                    "Number of configured slaves per bonding interface.",
                    slaves.size(),
                    "master",
                    master);
            sink.gauge(
                    "node_bonding_active",
                    "Number of active slaves per bonding interface.",
                    (double) active,
                    "master",
                    master);
        }
    }

    /** The link to a slave was renamed over the years. */
    private boolean isUp(String master, String slave) {
        String status = "/bonding_slave/mii_status";
        return sys.line(NET + master + "/lower_" + slave + status)
                .or(() -> sys.line(NET + master + "/slave_" + slave + status))
                .filter("up"::equals)
                .isPresent();
    }
}
