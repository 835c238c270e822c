package org.narthex.exporter.node;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes the collectors as the settings want them. */
final class Collectors {
    private Collectors() {}

    /** Those that are turned on. */
    static List<Collector> chosen(Settings settings, StatFs statFs, InstantSource clock) {
        // All are made, so that each setting of one that is turned off is known too.
        return all(settings, statFs, clock).stream()
                .filter(collector -> settings.collects(collector.name()))
                .toList();
    }

    private static List<Collector> all(Settings settings, StatFs statFs, InstantSource clock) {
        KernelFiles proc = new KernelFiles(settings.path("path.procfs", "/proc"));
        KernelFiles sys = new KernelFiles(settings.path("path.sysfs", "/sys"));
        KernelFiles root = new KernelFiles(settings.path("path.rootfs", "/"));
        KernelFiles udev = new KernelFiles(settings.path("path.udev.data", "/run/udev/data"));
        return List.of(
                new ArpCollector(proc, settings.filter("collector.arp.device", "")),
                new BcacheCollector(sys, settings.isOn("collector.bcache.priorityStats", false)),
                new BondingCollector(sys),
                new BtrfsCollector(sys),
                new ConntrackCollector(proc),
                cpu(settings, proc, sys),
                new CpufreqCollector(sys),
                new DiskstatsCollector(
                        proc,
                        settings.filter("collector.diskstats.device", DiskstatsCollector.EXCLUDED),
                        new DiskInfo(udev)),
                new DmiCollector(sys),
                new EdacCollector(sys),
                new EntropyCollector(proc),
                new FibrechannelCollector(sys),
                new FilefdCollector(proc),
                new FilesystemCollector(mounts(settings, proc), statFs, new Inodes("stat", clock)),
                new HwmonCollector(sys, settings.filter("collector.hwmon.chip", "")),
                new InfinibandCollector(sys),
                new IpvsCollector(proc, ipvsLabels(settings)),
                new LoadavgCollector(proc),
                new MdadmCollector(proc),
                new MeminfoCollector(proc),
                new NetclassCollector(
                        sys,
                        settings.excluding("collector.netclass.ignored-devices", "^$"),
                        settings.isOn("collector.netclass.ignore-invalid-speed", false)),
                new NetdevCollector(proc, sys, settings.filter("collector.netdev.device", "")),
                new NetstatCollector(
                        proc, settings.including("collector.netstat.fields", NetstatCollector.DEFAULT_FIELDS)),
                new NfsCollector(proc),
                new NfsdCollector(proc),
                new NvmeCollector(sys),
                new OsCollector(root),
                new PowersupplyclassCollector(sys, settings.excluding("collector.powersupply.ignored-supplies", "^$")),
                new PressureCollector(proc),
                new RaplCollector(sys, settings.isOn("collector.rapl.enable-zone-label", false)),
                new SchedstatCollector(proc),
                new SelinuxCollector(sys, root),
                new SockstatCollector(proc, PageSize.read()),
                new SoftnetCollector(proc),
                new StatCollector(proc, settings.isOn("collector.stat.softirq", false)),
                new TapestatsCollector(sys, settings.excluding("collector.tapestats.ignored-devices", "^$")),
                new TextfileCollector(settings.text("collector.textfile.directory", "")),
                new ThermalZoneCollector(sys),
                new TimeCollector(sys, clock),
                new UdpQueuesCollector(proc),
                new UnameCollector(proc),
                new VmstatCollector(
                        proc, settings.including("collector.vmstat.fields", VmstatCollector.DEFAULT_FIELDS)),
                new WatchdogCollector(sys),
                new XfsCollector(sys),
                new ZfsCollector(proc));
    }

    private static CpuCollector cpu(Settings settings, KernelFiles proc, KernelFiles sys) {
        CpuInfo info = new CpuInfo(
                proc,
                settings.isOn("collector.cpu.info", false),
                given(settings, "collector.cpu.info.flags-include"),
                given(settings, "collector.cpu.info.bugs-include"));
        return new CpuCollector(proc, sys, settings.isOn("collector.cpu.guest", true), info);
    }

    private static Optional<Filter> given(Settings settings, String key) {
        return settings.text(key, "").isEmpty() ? Optional.empty() : Optional.of(settings.including(key, ""));
    }

    private static Mounts mounts(Settings settings, KernelFiles proc) {
        return new Mounts(
                proc,
                settings.text("path.rootfs", "/"),
                settings.filter("collector.filesystem.mount-points", Mounts.POINTS_EXCLUDED),
                settings.filter("collector.filesystem.fs-types", Mounts.TYPES_EXCLUDED));
    }

    private static List<String> ipvsLabels(Settings settings) {
        String key = "collector.ipvs.backend-labels";
        List<String> wanted = List.of(
                settings.text(key, String.join(",", IpvsCollector.LABELS)).split(",", -1));
        for (String label : wanted) {
            if (!label.isEmpty() && !IpvsCollector.LABELS.contains(label)) {
                throw Settings.invalid(key, "there is no label \"" + label + "\", only " + IpvsCollector.LABELS);
            }
        }
        return IpvsCollector.LABELS.stream().filter(wanted::contains).toList();
    }
}
