package org.narthex.discovery.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code file_sd_configs} section at work. Files are looked at twice a second and read when time, size or identity changed: that also sees
 * what notifications miss, such as network file systems and links that are switched over. A broken file keeps its last good groups.
 */
final class FileDiscovery implements DiscoveryProvider.Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(FileDiscovery.class);

    /** What tells one state of a file from another. */
    private record Stamp(long modified, long size, Object key) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    attributes.size(),
                    String.valueOf(attributes.fileKey()));
        }
    }

    /** A file as it was read last. */
    private static final class Known {
        Stamp stamp;
        int groups;
        boolean broken;
    }

    private final List<FilePattern> patterns;
    private final long refreshMs;
    private final DiscoveryProvider.Listener listener;
    private final FileMetrics metrics;
    private final Map<Path, Known> known = new HashMap<>();
    private long readAllAtMs = Long.MIN_VALUE;
    private boolean isFirst = true;
    private boolean closed;

    /** @param refreshMs how often all files are read whether they look changed or not */
    FileDiscovery(
            List<FilePattern> patterns, long refreshMs, DiscoveryProvider.Listener listener, FileMetrics metrics) {
        this.patterns = patterns;
        this.refreshMs = refreshMs;
        this.listener = listener;
        this.metrics = metrics;
    }

    /** Looks for changes and tells of them. */
    synchronized void scan(long nowMs) {
        if (closed) {
            return;
        }
        long start = System.nanoTime();
        boolean all = isFirst || nowMs - readAllAtMs >= refreshMs;
        if (all) {
            readAllAtMs = nowMs;
        }
        List<TargetGroup> changed = new ArrayList<>();
        Map<Path, Known> gone = new HashMap<>(known);
        for (FilePattern pattern : patterns) {
            try {
                for (Path file : pattern.files()) {
                    gone.remove(file);
                    refresh(file, all, changed);
                }
            } catch (IOException e) {
                metrics.readFailed();
                LOG.warn("cannot list {}: {}", pattern.folder(), e.toString());
                // Not knowing is no reason to drop targets.
                gone.keySet().removeIf(file -> pattern.folder().equals(file.getParent()));
            }
        }
        gone.forEach((file, state) -> {
            drop(file, 0, state.groups, changed);
            known.remove(file);
            metrics.forget(file.toString());
        });
        if (!changed.isEmpty()) {
            listener.update(changed);
        }
        isFirst = false;
        metrics.scanned(System.nanoTime() - start);
    }

    private void refresh(Path file, boolean anyway, List<TargetGroup> changed) {
        Known state = known.computeIfAbsent(file, key -> new Known());
        try {
            Stamp stamp = Stamp.of(file);
            if (stamp.equals(state.stamp) && !anyway) {
                return;
            }
            state.stamp = stamp;
            List<TargetGroup> groups = TargetList.read(file, file.toString());
            changed.addAll(groups);
            drop(file, groups.size(), state.groups, changed);
            state.groups = groups.size();
            metrics.read(file.toString(), stamp.modified() / 1e9);
            if (state.broken) {
                LOG.info("{} is good again: {} target groups", file, groups.size());
                state.broken = false;
            }
        } catch (IOException e) {
            metrics.readFailed();
            if (!state.broken) {
                LOG.warn("{}: {}; its last good target groups stay", file, e.getMessage());
                state.broken = true;
            }
        }
    }

    /** Groups of a file that are no longer there are told as empty ones. */
    private static void drop(Path file, int from, int to, List<TargetGroup> changed) {
        for (int i = from; i < to; i++) {
            changed.add(new TargetGroup(file + ":" + i, List.of(), Labels.EMPTY));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
