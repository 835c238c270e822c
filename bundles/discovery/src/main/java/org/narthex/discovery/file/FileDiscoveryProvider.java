package org.narthex.discovery.file;

import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Discovers targets listed in files, {@code file_sd_configs}. All sections share one thread. */
@Component(service = DiscoveryProvider.class, immediate = true, property = DiscoveryProvider.TYPE + "=file")
public final class FileDiscoveryProvider implements DiscoveryProvider {
    private static final Logger LOG = LoggerFactory.getLogger(FileDiscoveryProvider.class);
    private static final long DEFAULT_REFRESH_MS = 300_000;
    private static final long LOOK_MS = 500;

    private final InstantSource clock;
    private final FileMetrics metrics = new FileMetrics();
    private final List<FileDiscovery> running = new ArrayList<>();
    private ScheduledThreadPoolExecutor executor;
    private boolean stopped;

    @Activate
    public FileDiscoveryProvider(BundleContext context) {
        this(Clock.systemUTC());
        // Goes with the bundle.
        context.registerService(
                Exporter.class,
                metrics::writeTo,
                FrameworkUtil.asDictionary(Map.of(Exporter.NAME, Exporter.SELF, Exporter.ON_DEMAND, true)));
    }

    FileDiscoveryProvider(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        patterns(section);
        refreshMs(section);
    }

    private static List<FilePattern> patterns(ConfigNode section) throws ConfigException {
        section.onlyKeys("files", "refresh_interval");
        List<ConfigNode> files = section.list("files");
        if (files.isEmpty()) {
            throw section.error("file service discovery config must contain at least one path name");
        }
        // Relative names are relative to the configuration file.
        Path parent = Path.of(section.file()).getParent();
        Path folder = parent == null ? Path.of("") : parent;
        List<FilePattern> patterns = new ArrayList<>();
        for (ConfigNode file : files) {
            try {
                patterns.add(FilePattern.of(folder, file.text()));
            } catch (IllegalArgumentException e) {
                throw file.error(e.getMessage());
            }
        }
        return patterns;
    }

    private static long refreshMs(ConfigNode section) throws ConfigException {
        long refresh = section.durationMs("refresh_interval", DEFAULT_REFRESH_MS);
        return refresh == 0 ? DEFAULT_REFRESH_MS : refresh;
    }

    @Override
    public Discovery start(ConfigNode section, Listener listener) {
        FileDiscovery discovery;
        try {
            discovery = new FileDiscovery(patterns(section), refreshMs(section), listener, metrics);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        synchronized (this) {
            if (stopped) {
                throw new IllegalStateException("file discovery is stopped");
            }
            running.add(discovery);
            begin(discovery);
        }
        return () -> {
            discovery.close();
            synchronized (this) {
                running.remove(discovery);
            }
        };
    }

    private void begin(FileDiscovery first) {
        if (executor == null) {
            executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "narthex-discovery-file");
                thread.setDaemon(true);
                return thread;
            });
            Future<?> unused = executor.scheduleWithFixedDelay(this::scanAll, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        }
        executor.execute(() -> scan(first));
    }

    private void scanAll() {
        List<FileDiscovery> all;
        synchronized (this) {
            all = new ArrayList<>(running);
        }
        all.forEach(this::scan);
    }

    private void scan(FileDiscovery discovery) {
        try {
            discovery.scan(clock.millis());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("discovery of targets in files failed unexpectedly", e);
        }
    }

    @Deactivate
    synchronized void stop() {
        stopped = true;
        running.forEach(FileDiscovery::close);
        running.clear();
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
