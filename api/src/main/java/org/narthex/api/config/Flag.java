package org.narthex.api.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The command line flags: those of Prometheus 3.14, some of Alertmanager 0.34, and some that are Narthex' own, such as {@code --alertmanager.config.file}. */
public enum Flag {
    CONFIG_FILE("config.file", Kind.TEXT, "prometheus.yml", true, "Configuration file path."),
    CONFIG_AUTO_RELOAD("config.auto-reload", Kind.SWITCH, "false", true, "Reload when the configuration file changes."),
    CONFIG_AUTO_RELOAD_INTERVAL(
            "config.auto-reload-interval",
            Kind.DURATION,
            "30s",
            true,
            "How often to look for a changed configuration file."),
    ALERTMANAGER_CONFIG_FILE(
            "alertmanager.config.file",
            Kind.TEXT,
            "",
            true,
            "Alertmanager configuration file; turns the built-in Alertmanager on."),
    ALERTMANAGER_RETENTION(
            "data.retention",
            Kind.DURATION,
            "120h",
            true,
            "How long silences that are over, and what was told, are kept."),
    ALERTMANAGER_MAX_SILENCES(
            "silences.max-silences",
            Kind.INTEGER,
            "0",
            true,
            "The most silences, those that are over included. 0 is no limit."),
    ALERTMANAGER_MAX_SILENCE_SIZE(
            "silences.max-silence-size-bytes", Kind.INTEGER, "0", true, "The most bytes of a silence. 0 is no limit."),
    ALERTMANAGER_NAME_LIMIT(
            "alerts.per-alertname-limit",
            Kind.INTEGER,
            "0",
            true,
            "The most alerts of one name that may fire at once. 0 is no limit."),
    ALERTMANAGER_START_DELAY(
            "dispatch.start-delay",
            Kind.DURATION,
            "0s",
            true,
            "Notify nobody for so long after the start, so that all alerts of a group are there."),
    WEB_TIMEOUT(
            "web.timeout",
            Kind.DURATION,
            "0s",
            true,
            "Longest time of a request to the Alertmanager's API; 0s for any."),
    WEB_GET_CONCURRENCY(
            "web.get-concurrency",
            Kind.INTEGER,
            "0",
            true,
            "GET requests to the Alertmanager's API at once. 0 is the number of processors, at least 8."),
    WEB_LISTEN_ADDRESS("web.listen-address", Kind.REPEATED, "0.0.0.0:9090", true, "Address to listen on."),
    AUTO_GOMAXPROCS(
            "auto-gomaxprocs", Kind.SWITCH, "true", false, "No effect: the JVM sees the container's CPUs by itself."),
    AUTO_GOMEMLIMIT("auto-gomemlimit", Kind.SWITCH, "true", false, "No effect: set NARTHEX_JAVA_OPTS instead."),
    AUTO_GOMEMLIMIT_RATIO(
            "auto-gomemlimit.ratio", Kind.TEXT, "0.9", false, "No effect: set NARTHEX_JAVA_OPTS instead."),
    AUTO_GOMEMLIMIT_REFRESH(
            "auto-gomemlimit.refresh-interval",
            Kind.DURATION,
            "0s",
            false,
            "No effect: set NARTHEX_JAVA_OPTS instead."),
    WEB_CONFIG_FILE("web.config.file", Kind.TEXT, "", false, "Configuration file for TLS and authentication."),
    WEB_READ_TIMEOUT("web.read-timeout", Kind.DURATION, "5m", false, "Closes idle connections after so long."),
    WEB_MAX_CONNECTIONS("web.max-connections", Kind.INTEGER, "512", false, "The most simultaneous connections."),
    WEB_MAX_NOTIFICATIONS_SUBSCRIBERS(
            "web.max-notifications-subscribers",
            Kind.INTEGER,
            "16",
            false,
            "The most subscribers of live notifications."),
    WEB_EXTERNAL_URL("web.external-url", Kind.TEXT, "", true, "The URL under which Narthex is reached from outside."),
    WEB_ROUTE_PREFIX(
            "web.route-prefix", Kind.TEXT, "", true, "Prefix of all paths; by default the path of --web.external-url."),
    WEB_USER_ASSETS("web.user-assets", Kind.TEXT, "", false, "Folder of static files, served at /user."),
    WEB_ENABLE_LIFECYCLE("web.enable-lifecycle", Kind.SWITCH, "false", true, "Allow reload and shutdown by HTTP."),
    WEB_ENABLE_ADMIN_API("web.enable-admin-api", Kind.SWITCH, "false", true, "Allow administration by HTTP."),
    WEB_ENABLE_REMOTE_WRITE_RECEIVER(
            "web.enable-remote-write-receiver", Kind.SWITCH, "false", true, "Accept remote write requests."),
    WEB_ENABLE_OTLP_RECEIVER("web.enable-otlp-receiver", Kind.SWITCH, "false", false, "Accept OTLP writes."),
    WEB_ACCEPTED_MESSAGES(
            "web.remote-write-receiver.accepted-protobuf-messages",
            Kind.REPEATED,
            "prometheus.WriteRequest,io.prometheus.write.v2.Request",
            true,
            "Remote write messages to accept."),
    WEB_CONSOLE_TEMPLATES("web.console.templates", Kind.TEXT, "consoles", false, "Folder of console templates."),
    WEB_CONSOLE_LIBRARIES(
            "web.console.libraries", Kind.TEXT, "console_libraries", false, "Folder of console libraries."),
    WEB_PAGE_TITLE("web.page-title", Kind.TEXT, "Narthex", false, "Title of the console."),
    WEB_CORS_ORIGIN(
            "web.cors.origin", Kind.TEXT, ".*", true, "Regular expression of origins to allow, fully anchored."),
    WEB_SEARCH_MAX_LIMIT("web.search.max-limit", Kind.INTEGER, "10000", false, "The greatest limit of the search API."),
    STORAGE_PATH("storage.tsdb.path", Kind.TEXT, "data/", true, "Folder for samples."),
    STORAGE_RETENTION_TIME("storage.tsdb.retention.time", Kind.TEXT, "15d", true, "How long to keep samples."),
    STORAGE_RETENTION_SIZE("storage.tsdb.retention.size", Kind.TEXT, "0", true, "The most bytes of samples to keep."),
    STORAGE_NO_LOCKFILE("storage.tsdb.no-lockfile", Kind.SWITCH, "false", true, "Do not lock the data folder."),
    STORAGE_HEAD_CHUNKS_QUEUE(
            "storage.tsdb.head-chunks-write-queue-size",
            Kind.INTEGER,
            "0",
            false,
            "Size of the head chunk write queue."),
    STORAGE_DELAY_COMPACT_FILE(
            "storage.tsdb.delay-compact-file.path", Kind.TEXT, "", true, "File that names uploaded blocks."),
    STORAGE_MIN_BLOCK("storage.tsdb.min-block-duration", Kind.DURATION, "2h", true, "Shortest block."),
    STORAGE_MAX_BLOCK("storage.tsdb.max-block-duration", Kind.TEXT, "", true, "Longest block."),
    STORAGE_MAX_CHUNK_SEGMENT(
            "storage.tsdb.max-block-chunk-segment-size", Kind.TEXT, "512MB", true, "Largest chunk file of a block."),
    STORAGE_WAL_SEGMENT("storage.tsdb.wal-segment-size", Kind.TEXT, "128MB", true, "Size of a WAL segment."),
    STORAGE_WAL_COMPRESSION("storage.tsdb.wal-compression", Kind.SWITCH, "true", true, "Compress the WAL."),
    STORAGE_WAL_COMPRESSION_TYPE(
            "storage.tsdb.wal-compression-type", Kind.TEXT, "snappy", true, "How to compress the WAL: snappy or zstd."),
    STORAGE_OVERLAPPING(
            "storage.tsdb.allow-overlapping-compaction", Kind.SWITCH, "true", true, "Compact overlapping blocks."),
    STORAGE_SAMPLES_PER_CHUNK(
            "storage.tsdb.samples-per-chunk", Kind.INTEGER, "120", true, "Samples per chunk aimed at."),
    STORAGE_DELAYED_PERCENT(
            "storage.tsdb.delayed-compaction.max-percent",
            Kind.INTEGER,
            "10",
            false,
            "Greatest delay of a compaction."),
    STORAGE_BLOCK_RELOAD(
            "storage.tsdb.block-reload-interval", Kind.DURATION, "1m", true, "How often to look for changed blocks."),
    AGENT_PATH("storage.agent.path", Kind.TEXT, "data-agent/", false, "Folder for samples in agent mode."),
    AGENT_WAL_COMPRESSION("storage.agent.wal-compression", Kind.SWITCH, "true", false, "Compress the agent's WAL."),
    AGENT_MIN_TIME(
            "storage.agent.retention.min-time", Kind.TEXT, "5m", false, "Shortest time to keep samples in agent mode."),
    AGENT_MAX_TIME(
            "storage.agent.retention.max-time", Kind.TEXT, "4h", false, "Longest time to keep samples in agent mode."),
    AGENT_CHECKPOINT_MEMORY(
            "storage.agent.checkpoint-from-in-memory-series",
            Kind.SWITCH,
            "false",
            false,
            "Build checkpoints from memory."),
    AGENT_CHECKPOINT_BATCH(
            "storage.agent.checkpoint-batch-size", Kind.INTEGER, "1000", false, "Batch size of such checkpoints."),
    AGENT_NO_LOCKFILE("storage.agent.no-lockfile", Kind.SWITCH, "false", false, "Do not lock the agent's folder."),
    REMOTE_FLUSH_DEADLINE(
            "storage.remote.flush-deadline", Kind.DURATION, "1m", false, "How long to flush on shutdown."),
    REMOTE_READ_SAMPLES(
            "storage.remote.read-sample-limit", Kind.INTEGER, "50000000", false, "Most samples of a remote read."),
    REMOTE_READ_CONCURRENT(
            "storage.remote.read-concurrent-limit", Kind.INTEGER, "10", false, "Most simultaneous remote reads."),
    REMOTE_READ_FRAME(
            "storage.remote.read-max-bytes-in-frame",
            Kind.INTEGER,
            "1048576",
            false,
            "Largest frame of a remote read."),
    RULES_OUTAGE_TOLERANCE(
            "rules.alert.for-outage-tolerance",
            Kind.DURATION,
            "1h",
            true,
            "Longest outage for restoring the state of alerts."),
    RULES_GRACE_PERIOD(
            "rules.alert.for-grace-period", Kind.DURATION, "10m", true, "Shortest time between restoring and firing."),
    RULES_RESEND_DELAY(
            "rules.alert.resend-delay", Kind.DURATION, "1m", true, "Wait so long before resending an alert."),
    RULES_MAX_CONCURRENT("rules.max-concurrent-evals", Kind.INTEGER, "4", true, "Most rules evaluated at once."),
    ALERTMANAGER_QUEUE(
            "alertmanager.notification-queue-capacity",
            Kind.INTEGER,
            "10000",
            true,
            "Capacity of the notification queue."),
    ALERTMANAGER_BATCH(
            "alertmanager.notification-batch-size", Kind.INTEGER, "256", true, "Most notifications sent at once."),
    ALERTMANAGER_DRAIN(
            "alertmanager.drain-notification-queue-on-shutdown",
            Kind.SWITCH,
            "true",
            true,
            "Send what waits before stopping."),
    QUERY_LOOKBACK("query.lookback-delta", Kind.DURATION, "5m", true, "How far back an instant selector looks."),
    QUERY_TIMEOUT("query.timeout", Kind.DURATION, "2m", true, "Longest time of a query."),
    QUERY_MAX_CONCURRENCY("query.max-concurrency", Kind.INTEGER, "20", true, "Most queries at once."),
    QUERY_MAX_SAMPLES("query.max-samples", Kind.INTEGER, "50000000", true, "Most samples of a query in memory."),
    QUERY_MAX_BYTES(
            "query.max-bytes",
            Kind.SIZE,
            "0",
            true,
            "Most memory of a query, e.g. 256MB; 0 for a quarter of the heap."),
    QUERY_MAX_TOTAL_BYTES(
            "query.max-total-bytes",
            Kind.SIZE,
            "0",
            true,
            "Most memory of all queries together; 0 for half of the heap."),
    QUERY_WARM_UP(
            "query.warm-up",
            Kind.SWITCH,
            "true",
            true,
            "Ask queries of the stored series itself for some seconds when idle after the start, so that those of users are fast at once."),
    SCRAPE_ADJUST_TIMESTAMPS("scrape.adjust-timestamps", Kind.SWITCH, "true", true, "Align scrape timestamps."),
    SCRAPE_TIMESTAMP_TOLERANCE("scrape.timestamp-tolerance", Kind.DURATION, "2ms", true, "How far to align them."),
    SCRAPE_DISCOVERY_RELOAD(
            "scrape.discovery-reload-interval", Kind.DURATION, "5s", true, "How often to apply discovered targets."),
    PROBE_CONFIG_FILE(
            "probe.config.file",
            Kind.TEXT,
            "",
            true,
            "File of probe modules, as blackbox_exporter has them; without it there are some common ones."),
    PUSH_GROUP_TTL(
            "push.group-ttl",
            Kind.DURATION,
            "0s",
            true,
            "Forget pushed groups that nobody pushed to for so long; 0s to keep them."),
    SCRAPE_SERIES_BUDGET(
            "scrape.series-budget",
            Kind.INTEGER,
            "0",
            true,
            "Series that all jobs together should not exceed; 0 for any. Nothing is dropped for it."),
    SCRAPE_SERIES_BUDGET_PER_JOB(
            "scrape.series-budget-per-job",
            Kind.INTEGER,
            "0",
            true,
            "Series that a job should not exceed, unless its targets say otherwise; 0 for any. Nothing is dropped for it."),
    ENABLE_FEATURE("enable-feature", Kind.REPEATED, "", true, "Features to enable, separated by commas."),
    AGENT("agent", Kind.SWITCH, "false", false, "Run in agent mode."),
    LOG_LEVEL("log.level", Kind.TEXT, "info", true, "Log at this level and above: debug, info, warn, error."),
    LOG_FORMAT("log.format", Kind.TEXT, "logfmt", true, "Format of the log: logfmt or json.");

    /** What a value looks like. */
    public enum Kind {
        TEXT,
        /** Given as {@code --flag}, {@code --no-flag} or {@code --flag=true}. */
        SWITCH,
        INTEGER,
        /** Bytes, with or without a unit: {@code B}, or {@code KB} to {@code TB}, which are powers of 1024. */
        SIZE,
        DURATION,
        /** May be given several times; the values are joined by commas. */
        REPEATED
    }

    /** The features of {@link #ENABLE_FEATURE} that this version acts on; others are accepted with a log message. */
    public static final Set<String> FEATURES_IN_FORCE = Set.of(
            "alert-names-in-metrics",
            "auto-reload-config",
            "concurrent-rule-eval",
            "promql-experimental-functions",
            "promql-extended-range-selectors",
            "promql-binop-fill-modifiers",
            "promql-delayed-name-removal",
            "use-start-timestamps",
            "created-timestamp-zero-ingestion",
            "extra-scrape-metrics",
            "metadata-wal-records",
            "type-and-unit-labels",
            "st-storage",
            "st-synthesis",
            "xor2-encoding");

    private final String flagName;
    private final Kind kind;
    private final String defaultValue;
    private final boolean inForce;
    private final String help;

    Flag(String flagName, Kind kind, String defaultValue, boolean inForce, String help) {
        this.flagName = flagName;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.inForce = inForce;
        this.help = help;
    }

    /** The name as given after {@code --}. */
    public String flagName() {
        return flagName;
    }

    /** The framework property by which the launcher passes the value to bundles. */
    public String property() {
        return "narthex.flag." + flagName;
    }

    public Kind kind() {
        return kind;
    }

    public String defaultValue() {
        return defaultValue;
    }

    /** Whether this version acts on it; if not it is accepted with a log message. */
    public boolean inForce() {
        return inForce;
    }

    public String help() {
        return help;
    }

    /** The flag of the given name, without {@code --}. */
    public static Optional<Flag> named(String name) {
        return Arrays.stream(values())
                .filter(flag -> flag.flagName.equals(name))
                .findFirst();
    }

    /**
     * Checks a value.
     *
     * @throws IllegalArgumentException if it does not fit the kind; the message names flag and value
     */
    public void check(String value) {
        boolean good =
                switch (kind) {
                    case TEXT, REPEATED -> true;
                    case SWITCH -> value.equals("true") || value.equals("false");
                    case INTEGER -> value.matches("\\d{1,18}");
                    case SIZE -> value.matches("\\d{1,9}([KMGT]?B)?|\\d{1,18}");
                    case DURATION -> isDuration(value);
                };
        if (!good) {
            throw new IllegalArgumentException(
                    "--" + flagName + ": \"" + value + "\" is no " + kind.name().toLowerCase(Locale.ROOT));
        }
    }

    private static boolean isDuration(String value) {
        try {
            org.narthex.api.model.PromDuration.parse(value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
