package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.Flags;
import org.narthex.api.config.Host;
import org.narthex.api.http.ReadinessCheck;
import org.narthex.api.model.Matcher;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageFault;
import org.narthex.api.storage.StorageStats;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The storage on disk as a service, its readiness and its metrics. */
@Component(
        service = {Storage.class, ReadinessCheck.class, Exporter.class},
        immediate = true,
        configurationPid = "org.narthex.tsdb",
        property = {Storage.NAME + "=tsdb", Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class TsdbStorage implements Storage, ReadinessCheck, Exporter {
    private static final Logger LOG = LoggerFactory.getLogger(TsdbStorage.class);

    /** Settings beside the command line flags. */
    @interface Config {
        /** A power cut loses at most what was acknowledged within this time, in ms; 0 leaves it to the operating system. A kill loses nothing. */
        long wal_fsync_interval_ms() default 1000;
    }

    private final Database database;

    @Activate
    public TsdbStorage(BundleContext context, Config config, @Reference(name = "host") Host host) {
        this(open(new Flags(context::getProperty), config.wal_fsync_interval_ms(), host));
    }

    TsdbStorage(Database database) {
        this.database = database;
    }

    private static Database open(Flags flags, long fsyncIntervalMs, Host host) {
        try {
            return Database.open(Settings.of(flags, fsyncIntervalMs), BlockSettings.of(flags));
        } catch (IOException | IllegalArgumentException e) {
            host.fail(e.getMessage());
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Deactivate
    void close() {
        try {
            database.close();
        } catch (IOException e) {
            LOG.error("closing the storage: {}", e.toString());
        }
    }

    @Override
    public void append(SampleBatch batch) throws IOException {
        database.append(batch);
    }

    @Override
    public Querier querier(long minTimeMs, long maxTimeMs) throws IOException {
        return database.querier(minTimeMs, maxTimeMs);
    }

    @Override
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        database.delete(matchers, minTimeMs, maxTimeMs);
    }

    @Override
    public void snapshot(Path folder) throws IOException {
        database.snapshot(folder);
    }

    @Override
    public void cleanTombstones() throws IOException {
        database.cleanTombstones();
    }

    @Override
    public List<StorageFault> faults() {
        return database.faults();
    }

    @Override
    public StorageStats stats() {
        return database.stats();
    }

    @Override
    public Optional<String> missing() {
        return database.missing();
    }

    @Override
    public void collect(MetricSink sink) {
        DatabaseMetrics.collect(database, sink);
    }
}
