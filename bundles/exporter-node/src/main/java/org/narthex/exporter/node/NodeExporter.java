package org.narthex.exporter.node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.model.Regex;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures this host. A collector that fails says so in {@code node_scrape_collector_success} and harms no other. */
@Component(
        configurationPid = "org.narthex.exporter.node",
        property = {Exporter.NAME + "=node", Exporter.ON_DEMAND + ":Boolean=true"})
public final class NodeExporter implements Exporter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeExporter.class);
    private static final long STATFS_TIMEOUT_MS = 2_000;

    /** Settings, with node_exporter's defaults; the regular expressions are anchored. */
    @interface Config {
        String path_procfs() default "/proc";

        String path_sysfs() default "/sys";

        String diskstats_device__exclude() default DISKS_EXCLUDED;

        String filesystem_mount__points__exclude() default MOUNT_POINTS_EXCLUDED;

        String filesystem_fs__types__exclude() default TYPES_EXCLUDED;
    }

    static final String DISKS_EXCLUDED = "(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+";
    static final String MOUNT_POINTS_EXCLUDED =
            "/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/.*)";
    static final String TYPES_EXCLUDED =
            "autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs"
                    + "|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs";

    private final List<Collector> collectors;
    private final StatFs statFs = new StatFs(STATFS_TIMEOUT_MS);
    /** Names of collectors whose failure is logged already. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    @Activate
    public NodeExporter(Config config) {
        this(
                Path.of(config.path_procfs()),
                Path.of(config.path_sysfs()),
                Regex.compile(config.diskstats_device__exclude()),
                Regex.compile(config.filesystem_mount__points__exclude()),
                Regex.compile(config.filesystem_fs__types__exclude()));
    }

    NodeExporter(Path procfs, Path sysfs, Regex disksExcluded, Regex mountPointsExcluded, Regex typesExcluded) {
        KernelFiles proc = new KernelFiles(procfs);
        KernelFiles sys = new KernelFiles(sysfs);
        Clock clock = Clock.systemUTC();
        Mounts mounts = new Mounts(proc, mountPointsExcluded, typesExcluded);
        collectors = List.of(
                new CpuCollector(proc),
                new DiskstatsCollector(proc, disksExcluded),
                new FilefdCollector(proc),
                new FilesystemCollector(mounts, statFs, new Inodes("stat", clock)),
                new LoadavgCollector(proc),
                new MeminfoCollector(proc),
                new NetdevCollector(proc, sys),
                new PressureCollector(proc),
                new StatCollector(proc),
                new TimeCollector(sys, clock),
                new UnameCollector(proc),
                new VmstatCollector(proc));
    }

    private record Outcome(String collector, double seconds, boolean success) {}

    @Override
    public void collect(MetricSink sink) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Collector collector : collectors) {
            long start = System.nanoTime();
            boolean success = succeeds(collector, sink);
            outcomes.add(new Outcome(collector.name(), (System.nanoTime() - start) / 1e9, success));
        }
        sink.family(
                "node_scrape_collector_duration_seconds",
                MetricType.GAUGE,
                "node_exporter: Duration of a collector scrape.");
        outcomes.forEach(outcome -> sink.sample(
                "node_scrape_collector_duration_seconds", outcome.seconds(), "collector", outcome.collector()));
        sink.family("node_scrape_collector_success", MetricType.GAUGE, "node_exporter: Whether a collector succeeded.");
        outcomes.forEach(outcome -> sink.sample(
                "node_scrape_collector_success", outcome.success() ? 1 : 0, "collector", outcome.collector()));
    }

    private boolean succeeds(Collector collector, MetricSink sink) {
        try {
            collector.collect(sink);
            failing.remove(collector.name());
            return true;
        } catch (IOException | RuntimeException e) {
            if (failing.add(collector.name())) {
                LOG.warn("Collector {} fails: {}", collector.name(), e.toString());
            }
            return false;
        }
    }

    @Deactivate
    void close() {
        statFs.close();
    }
}
