package org.narthex.tsdb;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.AppendResult;
import org.narthex.tsdb.head.Exemplars;
import org.narthex.tsdb.head.HeadStats;
import org.narthex.tsdb.wal.WalWriter;

/** The database's own metrics, under Prometheus' names where it has one. */
final class DatabaseMetrics {
    private DatabaseMetrics() {}

    static void collect(Database database, MetricSink sink) {
        HeadStats head = database.headStats();
        boolean empty = head.minTimeMs() > head.maxTimeMs();
        gauge(sink, "prometheus_tsdb_head_series", "Total number of series in the head block.", head.series());
        gauge(sink, "prometheus_tsdb_head_chunks", "Total number of chunks in the head block.", head.chunks());
        gauge(
                sink,
                "prometheus_tsdb_head_min_time",
                "Minimum time bound of the head block, in ms.",
                empty ? 0 : head.minTimeMs());
        gauge(
                sink,
                "prometheus_tsdb_head_max_time",
                "Maximum timestamp of the head block, in ms.",
                empty ? 0 : head.maxTimeMs());
        counter(sink, "prometheus_tsdb_head_series_created_total", "Series created in the head.", head.seriesCreated());
        counter(
                sink,
                "prometheus_tsdb_head_series_removed_total",
                "Series removed from the head.",
                head.seriesRemoved());
        samples(
                sink,
                head,
                "prometheus_tsdb_head_samples_appended_total",
                "Total number of appended samples.",
                AppendResult.OK);
        samples(
                sink,
                head,
                "prometheus_tsdb_out_of_order_samples_total",
                "Samples refused because they were older than the newest of their series.",
                AppendResult.OUT_OF_ORDER);
        samples(
                sink,
                head,
                "prometheus_tsdb_out_of_bound_samples_total",
                "Samples refused because they were older than the head takes, or too far in the future.",
                AppendResult.OUT_OF_BOUNDS);
        samples(
                sink,
                head,
                "prometheus_tsdb_too_old_samples_total",
                "Samples refused because they were older than the out-of-order window.",
                AppendResult.TOO_OLD);
        samples(
                sink,
                head,
                "narthex_tsdb_duplicate_samples_total",
                "Samples refused because their series has another value at the same time.",
                AppendResult.DUPLICATE);
        counter(
                sink,
                "prometheus_tsdb_head_out_of_order_samples_appended_total",
                "Samples taken out of order.",
                head.late());
        counter(
                sink,
                "narthex_tsdb_series_limit_samples_total",
                "Samples refused because the head has as many series as it may have.",
                head.floats(AppendResult.SERIES_LIMIT) + head.histograms(AppendResult.SERIES_LIMIT));
        gauge(sink, "narthex_tsdb_head_series_limit", "The most series the head takes.", head.maxSeries());
        collectExemplars(database.exemplars().figures(), sink);
        database.latency().collect(sink);
        gauge(
                sink,
                "narthex_tsdb_ingestion_paused",
                "Whether batches are refused since they cannot be written.",
                database.ingestion().fault().isPresent() ? 1 : 0);
        gauge(sink, "narthex_tsdb_head_chunk_bytes", "Memory held for chunks of the head.", head.slabBytes());
        gauge(sink, "narthex_tsdb_head_label_pairs", "Distinct label pairs in the head.", head.labelPairs());
        gauge(sink, "narthex_tsdb_open_queriers", "Views of the head that are open.", head.openViews());
        collectLog(database, sink);
        collectBlocks(database, sink);
    }

    private static void samples(MetricSink sink, HeadStats head, String name, String help, AppendResult result) {
        sink.family(name, MetricType.COUNTER, help);
        sink.sample(name, (double) head.floats(result), "type", "float");
        sink.sample(name, (double) head.histograms(result), "type", "histogram");
    }

    private static void collectExemplars(Exemplars.Figures figures, MetricSink sink) {
        counter(
                sink,
                "prometheus_tsdb_exemplar_exemplars_appended_total",
                "Total number of appended exemplars.",
                figures.appended());
        counter(
                sink,
                "prometheus_tsdb_exemplar_out_of_order_exemplars_total",
                "Exemplars refused because they were out of order.",
                figures.outOfOrder());
        gauge(sink, "prometheus_tsdb_exemplar_exemplars_in_storage", "Exemplars kept.", figures.size());
        gauge(
                sink,
                "prometheus_tsdb_exemplar_series_with_exemplars_in_storage",
                "Series with exemplars.",
                figures.series());
        gauge(sink, "prometheus_tsdb_exemplar_max_exemplars", "The most exemplars kept.", figures.capacity());
        sink.gauge(
                "prometheus_tsdb_exemplar_last_exemplars_timestamp_seconds",
                "The time of the oldest exemplar kept.",
                figures.oldestMs() / 1000.0);
    }

    private static void collectLog(Database database, MetricSink sink) {
        DatabaseFigures figures = database.figures();
        database.wal().ifPresent(wal -> collectWal(wal, sink));
        counter(
                sink,
                "prometheus_tsdb_wal_writes_failed_total",
                "Batches the WAL did not take.",
                figures.failedAppends());
        counter(
                sink,
                "narthex_tsdb_wal_fsyncs_failed_total",
                "Times the WAL did not reach the disk.",
                figures.failedSyncs());
        sink.gauge(
                "prometheus_tsdb_data_replay_duration_seconds",
                "Time taken to replay the data on disk.",
                figures.replayMs() / 1000.0);
        counter(
                sink,
                "prometheus_tsdb_checkpoint_creations_total",
                "Checkpoints attempted.",
                figures.checkpoints() + figures.failedCheckpoints());
        counter(
                sink,
                "prometheus_tsdb_checkpoint_creations_failed_total",
                "Checkpoints that failed.",
                figures.failedCheckpoints());
        counter(
                sink,
                "prometheus_tsdb_wal_corruptions_total",
                "Damaged parts met and moved to quarantine.",
                database.stats().corruptions());
    }

    private static void collectWal(WalWriter wal, MetricSink sink) {
        gauge(sink, "prometheus_tsdb_wal_segment_current", "WAL segment being written.", wal.segment());
        counter(sink, "prometheus_tsdb_wal_page_flushes_total", "Writes to the WAL.", wal.pagesFlushed());
        counter(sink, "prometheus_tsdb_wal_completed_pages_total", "Full WAL pages.", wal.pagesCompleted());
        counter(sink, "narthex_tsdb_wal_written_bytes_total", "Bytes written to the WAL.", wal.bytesWritten());
    }

    private static void collectBlocks(Database database, MetricSink sink) {
        Blocks blocks = database.blocks();
        long lowest = Math.min(blocks.minTimeMs(), database.headStats().minTimeMs());
        gauge(
                sink,
                "prometheus_tsdb_blocks_loaded",
                "Number of blocks.",
                blocks.list().size());
        gauge(
                sink,
                "prometheus_tsdb_lowest_timestamp",
                "Lowest timestamp stored, in ms.",
                lowest == Long.MAX_VALUE ? 0 : lowest);
        collectCompaction(database, sink);
        counter(
                sink,
                "narthex_tsdb_chunks_skipped_total",
                "Chunks left out of answers because their encoding is not read.",
                blocks.skippedChunks());
    }

    private static void collectCompaction(Database database, MetricSink sink) {
        DatabaseFigures cuts = database.figures();
        CompactionFigures figures = database.compaction().figures();
        Retention retention = database.blocks().retention();
        counter(
                sink,
                "prometheus_tsdb_compactions_total",
                "Blocks made of the head or of other blocks.",
                cuts.cuts() + figures.compactions());
        counter(
                sink,
                "prometheus_tsdb_compactions_failed_total",
                "Times that failed.",
                cuts.failedCuts() + figures.failures());
        counter(
                sink,
                "prometheus_tsdb_vertical_compactions_total",
                "Blocks made of others that overlapped.",
                figures.overlaps());
        counter(
                sink,
                "narthex_tsdb_block_rewrites_total",
                "Blocks written anew without what is deleted or not kept.",
                figures.rewrites());
        sink.counter("narthex_tsdb_compaction_seconds_total", "Time spent making blocks of blocks.", figures.seconds());
        counter(sink, "prometheus_tsdb_reloads_total", "Times blocks were looked for.", figures.reloads());
        counter(sink, "prometheus_tsdb_reloads_failures_total", "Times that failed.", figures.failedReloads());
        counter(
                sink,
                "prometheus_tsdb_time_retentions_total",
                "Blocks deleted since they were older than the retention time.",
                retention.expiredByTime());
        counter(
                sink,
                "prometheus_tsdb_size_retentions_total",
                "Blocks deleted since all took more room than they may.",
                retention.expiredBySize());
        gauge(
                sink,
                "prometheus_tsdb_storage_blocks_bytes",
                "Bytes of all blocks on disk.",
                database.blocks().size());
        gauge(sink, "prometheus_tsdb_retention_limit_bytes", "The most bytes kept, 0 for no bound.", retention.bytes());
        sink.gauge(
                "prometheus_tsdb_retention_limit_seconds",
                "How long samples are kept, 0 for no bound.",
                retention.timeMs() / 1000.0);
    }

    private static void gauge(MetricSink sink, String name, String help, long value) {
        sink.gauge(name, help, (double) value);
    }

    private static void counter(MetricSink sink, String name, String help, long value) {
        sink.counter(name, help, (double) value);
    }
}
