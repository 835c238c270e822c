package org.narthex.tsdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.ExemplarSeries;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageFault;
import org.narthex.api.storage.StorageNotReadyException;
import org.narthex.api.storage.StorageStats;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.fault.Ingestion;
import org.narthex.tsdb.head.ChunkFiles;
import org.narthex.tsdb.head.Exemplars;
import org.narthex.tsdb.head.Head;
import org.narthex.tsdb.head.HeadStats;
import org.narthex.tsdb.head.HeadView;
import org.narthex.tsdb.wal.Checkpoint;
import org.narthex.tsdb.wal.WalWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database: head, logs and blocks of one data folder. While it replays the log it takes no batches and opens no queriers; both say so by an
 * {@link IOException}, so that writers keep their batches for the moment.
 */
final class Database implements Storage, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long TICK_MS = 1000;
    /** How often complete chunks leave memory, and how many make it happen earlier: what is in files is not replayed after a kill. */
    private static final long MOVE_CHUNKS_MS = 60_000;

    private static final long MANY_CHUNKS = 5_000;

    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Settings settings;
    private final DataFolder folder;
    private final ChunkFiles chunkFiles = new ChunkFiles();
    private final Head head;
    private final Replay replay;
    private final Blocks blocks;
    private final DatabaseFigures figures = new DatabaseFigures();
    private final Ingestion ingestion = new Ingestion(Clock.systemUTC());
    private final AppendLatency latency = new AppendLatency();
    // A thread each, so that the log reaches the disk in time while a block is written, and the head is cut while
    // blocks are compacted. Not one pool for all: its threads wake each other up for every task.
    private final ScheduledExecutorService syncing = thread("narthex-tsdb-sync");
    private final ScheduledExecutorService cutting = thread("narthex-tsdb-head");
    private final ScheduledExecutorService compacting = thread("narthex-tsdb-blocks");
    private final HeadCut headCut;
    private final Compaction compaction;
    private volatile HeadLogs logs;
    private volatile String notReady = "opening the data folder";
    private volatile boolean replaying;
    private volatile boolean closed;
    /** Since the log cannot be forced to disk; null while it can. */
    private volatile StorageFault syncFault;

    private boolean moveFails;

    private Database(Settings settings, BlockSettings blockSettings, DataFolder folder) {
        this.settings = settings;
        this.folder = folder;
        this.head = new Head(
                settings.blockRangeMs(),
                settings.samplesPerChunk(),
                settings.maxSeries(),
                chunkFiles,
                Clock.systemUTC());
        this.blocks = new Blocks(folder, new Retention(settings.folder(), blockSettings.retention()));
        this.replay = new Replay(folder, head, chunkFiles);
        this.headCut = new HeadCut(folder, head, blocks, settings, figures);
        this.compaction = new Compaction(
                settings.folder(), blocks, settings.blockRangeMs(), blockSettings, () -> stats().maxTimeMs());
        configure(StorageConfig.DEFAULT);
        if (blockSettings.awaitsConfiguration()) {
            blocks.retention().hold();
        }
    }

    /**
     * Takes hold of the folder, opens its blocks and starts replaying the log, if there is any, behind.
     *
     * @throws IOException if the folder cannot be used; the message is for the user
     */
    static Database open(Settings settings, BlockSettings blockSettings) throws IOException {
        DataFolder folder = DataFolder.hold(settings.folder(), settings.lock());
        try {
            Database database = new Database(settings, blockSettings, folder);
            database.start();
            return database;
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** As {@link #open(Settings, BlockSettings)}, with blocks left as they are cut from the head. */
    static Database open(Settings settings) throws IOException {
        return open(settings, BlockSettings.of(settings));
    }

    /** Works by the configuration from now on. */
    void configure(StorageConfig config) {
        blocks.retention().apply(config);
        head.configure(
                config.outOfOrderWindowMs(),
                (int) Math.min(Integer.MAX_VALUE / 2, config.maxExemplars()),
                config.xor2().orElse(settings.xor2()),
                settings.startTimestamps());
    }

    private static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    private void start() throws IOException {
        Checkpoint.removeLeftovers(folder.resolve("wal"));
        blocks.open();
        head.minValidMs(blocks.inOrderMaxTimeMs());
        if (replay.isNeeded()) {
            notReady = replay.progress();
            replaying = true;
            cutting.execute(this::replayAndServe);
        } else {
            replay.findChunks();
            serve();
        }
    }

    private void replayAndServe() {
        long start = System.nanoTime();
        try {
            replay.run();
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            figures.replayed(ms);
            LOG.info(
                    "replayed the WAL: {} samples of {} series in {} ms",
                    replay.samples(),
                    head.stats().series(),
                    ms);
            serve();
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                notReady = e.getMessage();
                replaying = false;
                LOG.error("the storage stays closed: {}", e.getMessage(), e);
            }
        }
    }

    private synchronized void serve() throws IOException {
        if (closed) {
            return;
        }
        logs = new HeadLogs(folder.path(), settings.segmentBytes(), settings.walCompression());
        head.truncate(blocks.inOrderMaxTimeMs(), () -> {});
        replaying = false;
        notReady = null;
        long interval = settings.fsyncIntervalMs();
        if (interval > 0) {
            every(interval, syncing, this::sync);
        }
        every(TICK_MS, cutting, this::upkeep);
        every(MOVE_CHUNKS_MS, cutting, this::moveChunks);
        every(TICK_MS, compacting, compaction::tick);
    }

    private static void every(long ms, ScheduledExecutorService thread, Runnable task) {
        // The tasks deal with their failures themselves, so nobody asks for the result.
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(task, ms, ms, TimeUnit.MILLISECONDS);
    }

    /** Forces the logs to disk; runs by itself as often as the settings say. */
    void sync() {
        try {
            if (logs.hasWbl()) {
                // First: the log has markers that say what is there.
                chunkFiles.sync();
            }
            logs.sync();
            if (syncFault != null) {
                LOG.info("the WAL reaches the disk again");
                syncFault = null;
            }
        } catch (IOException | RuntimeException e) {
            figures.syncFailed();
            if (syncFault == null && !closed) {
                syncFault = new StorageFault(
                        "wal", "cannot be forced to disk: " + e.getMessage(), System.currentTimeMillis(), false);
                LOG.error("cannot force the WAL to disk, a power cut would lose more than it may: {}", e.toString());
            }
        }
    }

    /** Moves what is due into blocks and gives back memory; runs by itself every second. */
    void upkeep() {
        try {
            synchronized (headCut) {
                head.collect();
            }
            if (head.chunksToMove() > MANY_CHUNKS) {
                moveChunks();
            }
            headCut.run(logs);
            head.rankSeries();
        } catch (RuntimeException e) {
            LOG.error("upkeep of the storage failed: {}", e.toString(), e);
        }
    }

    /** Moves complete chunks out of memory; runs by itself every minute, and when there are many. */
    void moveChunks() {
        try {
            synchronized (headCut) {
                head.moveChunksToFiles();
            }
            moveFails = false;
        } catch (IOException | RuntimeException e) {
            if (!moveFails && !closed) {
                moveFails = true;
                LOG.warn("cannot write complete chunks to files, they stay in memory: {}", e.toString());
            }
        }
    }

    /** What is still missing until queries are answered, for people; empty when ready. */
    Optional<String> missing() {
        String missing = notReady;
        if (missing != null && replaying) {
            missing = replay.progress();
        }
        return Optional.ofNullable(missing).map(text -> "storage: " + text);
    }

    private void expectReady() throws IOException {
        if (notReady != null) {
            throw new StorageNotReadyException(missing().orElse("storage: starting"));
        }
        if (closed) {
            throw new StorageNotReadyException("storage: closed");
        }
    }

    @Override
    public void append(SampleBatch batch) throws IOException {
        expectReady();
        long start = System.nanoTime();
        try {
            head.append(batch, logs);
            latency.add(System.nanoTime() - start);
            ingestion.worked();
        } catch (IOException e) {
            figures.appendFailed();
            if (!closed) {
                ingestion.failed(e);
            }
            throw e;
        }
    }

    @Override
    public Querier querier(long minTimeMs, long maxTimeMs) throws IOException {
        expectReady();
        List<Block> within = new ArrayList<>();
        HeadView view = head.view(() -> blocks.within(minTimeMs, maxTimeMs, within));
        return new TsdbQuerier(view, within, minTimeMs, maxTimeMs);
    }

    @Override
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        expectReady();
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("delete needs at least one matcher");
        }
        // The cut turns head into block: neither may a sample be deleted in one and come back from the other.
        synchronized (headCut) {
            head.delete(matchers, minTimeMs, maxTimeMs, logs.wal());
            blocks.delete(matchers, minTimeMs, maxTimeMs);
        }
    }

    @Override
    public void snapshot(Path target) throws IOException {
        expectReady();
        synchronized (headCut) {
            headCut.snapshot(target);
        }
    }

    @Override
    public void cleanTombstones() throws IOException {
        expectReady();
        compaction.cleanTombstones();
    }

    @Override
    public List<ExemplarSeries> exemplars(List<List<Matcher>> selectors, long minTimeMs, long maxTimeMs)
            throws IOException {
        expectReady();
        return head.exemplars().select(selectors, minTimeMs, maxTimeMs);
    }

    @Override
    public Map<String, List<Metadata>> metadata(String metric) {
        return head.metadata(metric);
    }

    @Override
    public Optional<CardinalityStats> cardinality(int limit) {
        return Optional.of(head.cardinality().first(limit));
    }

    @Override
    public List<StorageFault> faults() {
        List<StorageFault> faults = new ArrayList<>(folder.faults());
        ingestion.fault().ifPresent(faults::add);
        Optional.ofNullable(syncFault).ifPresent(faults::add);
        return faults;
    }

    @Override
    public StorageStats stats() {
        HeadStats stats = head.stats();
        return new StorageStats(
                stats.series(),
                stats.chunks(),
                stats.labelPairs(),
                Math.min(stats.minTimeMs(), blocks.minTimeMs()),
                Math.max(
                        stats.maxTimeMs(),
                        blocks.maxTimeMs() == Long.MIN_VALUE ? Long.MIN_VALUE : blocks.maxTimeMs() - 1),
                folder.corruptions());
    }

    HeadStats headStats() {
        return head.stats();
    }

    Exemplars exemplars() {
        return head.exemplars();
    }

    Blocks blocks() {
        return blocks;
    }

    Compaction compaction() {
        return compaction;
    }

    DatabaseFigures figures() {
        return figures;
    }

    AppendLatency latency() {
        return latency;
    }

    Ingestion ingestion() {
        return ingestion;
    }

    Optional<WalWriter> wal() {
        return Optional.ofNullable(logs).map(HeadLogs::wal);
    }

    /** Takes no more batches, brings everything to the disk, lets go of the folder. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (notReady == null) {
            notReady = "closed";
        }
        // Not by interrupts: those close files under the hands of others.
        replay.stop();
        headCut.stop();
        compaction.stop();
        List<ScheduledExecutorService> threads = List.of(syncing, cutting, compacting);
        threads.forEach(ScheduledExecutorService::shutdown);
        try {
            // A cut that was interrupted leaves only a temporary folder behind.
            long deadline = System.nanoTime() + STOP_NANOS;
            for (ScheduledExecutorService thread : threads) {
                if (!thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    LOG.warn("the storage's background work did not end in time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            HeadLogs writers = logs;
            if (writers != null) {
                head.locked(() -> {
                    closeFiles(writers);
                    return null;
                });
            }
        } finally {
            folder.close();
        }
    }

    private void closeFiles(HeadLogs writers) {
        try {
            chunkFiles.close();
            writers.close();
        } catch (IOException e) {
            LOG.error("cannot bring the end of the logs to disk: {}", e.toString());
        }
    }
}
