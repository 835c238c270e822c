package org.narthex.exporter.node;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Sizes of mounted file systems. */
final class FilesystemCollector implements Collector {
    private final Mounts mounts;
    private final StatFs statFs;
    private final Inodes inodes;

    FilesystemCollector(Mounts mounts, StatFs statFs, Inodes inodes) {
        this.mounts = mounts;
        this.statFs = statFs;
        this.inodes = inodes;
    }

    private record FileSystem(Mounts.Mount mount, StatFs.Sizes sizes, Optional<Inodes.Counts> inodes) {}

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        List<Mounts.Mount> failed = new ArrayList<>();
        List<FileSystem> measured;
        try {
            measured = measure(failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking for sizes");
        }
        sink.family(
                "node_filesystem_device_error",
                MetricType.GAUGE,
                "Whether an error occurred while getting statistics for the given device.");
        measured.forEach(one -> sample(sink, "node_filesystem_device_error", one.mount(), 0));
        failed.forEach(mount -> sample(sink, "node_filesystem_device_error", mount, 1));
        gauge(sink, "size_bytes", "Filesystem size in bytes.", measured, one -> one.sizes()
                .size());
        gauge(sink, "free_bytes", "Filesystem free space in bytes.", measured, one -> one.sizes()
                .free());
        gauge(
                sink,
                "avail_bytes",
                "Filesystem space available to non-root users in bytes.",
                measured,
                one -> one.sizes().available());
        List<FileSystem> counted =
                measured.stream().filter(one -> one.inodes().isPresent()).toList();
        gauge(sink, "files", "Filesystem total file nodes.", counted, one -> one.inodes()
                .orElseThrow()
                .files());
        gauge(sink, "files_free", "Filesystem total free file nodes.", counted, one -> one.inodes()
                .orElseThrow()
                .free());
        gauge(
                sink,
                "readonly",
                "Filesystem read-only status.",
                measured,
                one -> one.mount().readOnly() ? 1 : 0);
    }

    private List<FileSystem> measure(List<Mounts.Mount> failed) throws IOException, InterruptedException {
        Map<Mounts.Mount, StatFs.Sizes> sizes = new LinkedHashMap<>();
        for (Mounts.Mount mount : mounts.list()) {
            statFs.sizes(mounts.path(mount)).ifPresentOrElse(found -> sizes.put(mount, found), () -> failed.add(mount));
        }
        Map<String, Inodes.Counts> counts =
                inodes.counts(sizes.keySet().stream().map(mounts::path).toList());
        List<FileSystem> measured = new ArrayList<>();
        sizes.forEach((mount, found) ->
                measured.add(new FileSystem(mount, found, Optional.ofNullable(counts.get(mounts.path(mount))))));
        return measured;
    }

    private static void gauge(
            MetricSink sink, String suffix, String help, List<FileSystem> all, ToDoubleFunction<FileSystem> value) {
        if (all.isEmpty()) {
            return;
        }
        String name = "node_filesystem_" + suffix;
        sink.family(name, MetricType.GAUGE, help);
        all.forEach(one -> sample(sink, name, one.mount(), value.applyAsDouble(one)));
    }

    private static void sample(MetricSink sink, String name, Mounts.Mount mount, double value) {
        sink.sample(name, value, "device", mount.device(), "fstype", mount.type(), "mountpoint", mount.point());
    }
}
