package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flags;
import org.narthex.api.config.Host;
import org.narthex.api.http.ReadinessCheck;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.ExemplarSeries;
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
        service = {Storage.class, ReadinessCheck.class, Exporter.class, ConfigConsumer.class},
        immediate = true,
        configurationPid = "org.narthex.tsdb",
        property = {Storage.NAME + "=tsdb", Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class TsdbStorage implements Storage, ReadinessCheck, Exporter, ConfigConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(TsdbStorage.class);

    /** Settings beside the command line flags. */
    @interface Config {
        /** A power cut loses at most what was acknowledged within this time, in ms; 0 leaves it to the operating system. A kill loses nothing. */
        long wal_fsync_interval_ms() default 1000;

        /** The most series in the head; more are refused. 0 for as many as the memory holds: the greatest heap size divided by 600 bytes. */
        long head_series_limit() default 0;
    }

    private final Database database;

    @Activate
    public TsdbStorage(BundleContext context, Config config, @Reference(name = "host") Host host) {
        this(open(new Flags(context::getProperty), config, host));
    }

    TsdbStorage(Database database) {
        this.database = database;
    }

    private static Database open(Flags flags, Config config, Host host) {
        try {
            return Database.open(
                    Settings.of(flags, config.wal_fsync_interval_ms(), config.head_series_limit()),
                    BlockSettings.of(flags));
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
    public List<ExemplarSeries> exemplars(List<List<Matcher>> selectors, long minTimeMs, long maxTimeMs)
            throws IOException {
        return database.exemplars(selectors, minTimeMs, maxTimeMs);
    }

    @Override
    public Map<String, List<Metadata>> metadata(String metric) {
        return database.metadata(metric);
    }

    @Override
    public Optional<CardinalityStats> cardinality(int limit) {
        return database.cardinality(limit);
    }

    @Override
    public List<StorageFault> faults() {
        return database.faults();
    }

    @Override
    public void apply(Configuration configuration) {
        database.configure(configuration.storage());
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
