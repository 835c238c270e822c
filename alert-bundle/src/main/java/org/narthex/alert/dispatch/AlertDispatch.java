package org.narthex.alert.dispatch;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.PromDuration;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Alertmanager in the box as a service of this bundle. Does nothing, and has no thread, until a configuration has an alerting part. Its lock
 * guards the thread.
 */
@Component(
        service = {AlertDispatch.class, ConfigConsumer.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class AlertDispatch implements ConfigConsumer, Exporter {
    /** Framework property: how long the history of alerts is kept, e.g. {@code 90d}; 0 for not at all. */
    static final String HISTORY = "narthex.alerts.history";

    private static final long DEFAULT_HISTORY_MS = 30L * 24 * 3_600_000;
    private static final long STOP_MS = 2_000;
    /** Longer than the dispatcher ever takes for a step unless its disk hangs. */
    private static final long PATIENCE_SECONDS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(AlertDispatch.class);

    private final Channels channels = new Channels();
    private final DispatchCounters counters = new DispatchCounters();
    private final ExecutorService attempts;
    private final Supplier<DispatchLoop> newLoop;
    private final InstantSource clock;
    private final long startedAtMs;
    /** The configuration in force, or null. */
    private volatile AlertingConfig alerting;

    /** Null while no configuration asks for alerting. */
    private volatile DispatchLoop loop;

    private Thread thread;

    @Activate
    public AlertDispatch(BundleContext context) {
        this(new Flags(context::getProperty), historyMs(context.getProperty(HISTORY)), InstantSource.system());
    }

    private static long historyMs(String property) {
        return property == null ? DEFAULT_HISTORY_MS : PromDuration.parse(property);
    }

    /** @param historyMs how long the history of alerts is kept; 0 for none */
    public AlertDispatch(Flags flags, long historyMs, InstantSource clock) {
        Path file = Path.of(flags.text(Flag.STORAGE_PATH)).resolve("narthex").resolve("alerts.db");
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                DeliveryQueue.MAX_ATTEMPTS,
                DeliveryQueue.MAX_ATTEMPTS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread worker = new Thread(task, "narthex-alert-deliver-" + count.incrementAndGet());
                    worker.setDaemon(true);
                    return worker;
                });
        pool.allowCoreThreadTimeOut(true);
        attempts = pool;
        this.clock = clock;
        startedAtMs = clock.millis();
        ExternalUrl externalUrl = new ExternalUrl(flags);
        DispatchSettings settings = DispatchSettings.of(flags, historyMs);
        newLoop =
                () -> new DispatchLoop(new AlertDatabase(file), channels, pool, externalUrl, counters, settings, clock);
    }

    @Reference(
            name = "channel",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "removeChannel")
    public void addChannel(AlertChannel channel, Map<String, Object> properties) {
        if (properties.get(AlertChannel.TYPE) instanceof String type) {
            int ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
            channels.add(type, channel, ranking);
            checkLate(type, channel);
            channelsChanged();
        } else {
            LOG.warn(
                    "Alert channel {} has no property {} and is not used",
                    channel.getClass().getName(),
                    AlertChannel.TYPE);
        }
    }

    public void removeChannel(AlertChannel channel, Map<String, Object> properties) {
        if (properties.get(AlertChannel.TYPE) instanceof String type) {
            channels.remove(type, channel);
            channelsChanged();
        }
    }

    private void channelsChanged() {
        DispatchLoop current = loop;
        if (current != null) {
            current.channelsChanged();
        }
    }

    /** Takes alerts of rules; returns at once. */
    public void accept(List<RaisedAlert> alerts) {
        DispatchLoop current = loop;
        if (current != null) {
            current.accept(alerts);
        }
    }

    @Override
    public void check(Configuration candidate) throws ConfigException {
        if (candidate.alerting().isEmpty()) {
            return;
        }
        SectionTemplates.of(candidate.alerting().get().templates(), clock);
        for (AlertingConfig.Receiver receiver :
                candidate.alerting().get().receivers().values()) {
            for (AlertingConfig.Section section : receiver.sections()) {
                Optional<AlertChannel> channel = channels.find(section.type());
                if (channel.isPresent()) {
                    check(channel.get(), section);
                }
            }
        }
    }

    /** A channel that comes after the configuration was taken can only say what is wrong with its sections. */
    private void checkLate(String type, AlertChannel channel) {
        AlertingConfig current = alerting;
        if (current == null) {
            return;
        }
        for (AlertingConfig.Receiver receiver : current.receivers().values()) {
            for (AlertingConfig.Section section : receiver.sections()) {
                try {
                    if (section.type().equals(type)) {
                        check(channel, section);
                    }
                } catch (ConfigException e) {
                    LOG.error("Notifications of receiver {} cannot be delivered: {}", receiver.name(), e.getMessage());
                }
            }
        }
    }

    private static void check(AlertChannel channel, AlertingConfig.Section section) throws ConfigException {
        try {
            channel.check(section.node());
        } catch (RuntimeException | LinkageError e) {
            // Its own fault, not that of the configuration.
            LOG.warn("Channel {} could not check {}: {}", section.type(), section.node(), e.toString());
        }
    }

    Optional<AlertingConfig> config() {
        return Optional.ofNullable(alerting);
    }

    InstantSource clock() {
        return clock;
    }

    long startedAtMs() {
        return startedAtMs;
    }

    /** Has the dispatcher's thread do or say something. */
    <T> CompletableFuture<T> ask(Function<Dispatcher, T> code) {
        DispatchLoop current = loop;
        return current == null
                ? CompletableFuture.failedFuture(new IllegalStateException("the Alertmanager is off"))
                : current.ask(code);
    }

    /** The same, waiting for the answer. */
    <T> T call(Function<Dispatcher, T> code) {
        try {
            return ask(code).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the Alertmanager does not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public synchronized void apply(Configuration configuration) {
        alerting = configuration.alerting().orElse(null);
        if (configuration.alerting().isEmpty()) {
            // What was accepted stays in the file and is taken up when alerting is configured again.
            stopThread();
            return;
        }
        DispatchLoop current = loop == null ? newLoop.get() : loop;
        current.configure(configuration.alerting().get());
        loop = current;
        if (thread == null) {
            thread = new Thread(current::run, "narthex-alert-dispatch");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Waits at most two seconds for notifications under way; what is not delivered is taken up after the next start. */
    @Deactivate
    public void stop() {
        attempts.shutdown();
        try {
            if (!attempts.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
                attempts.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            stopThread();
        }
    }

    private void stopThread() {
        loop = null;
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public void collect(MetricSink sink) {
        if (loop != null) {
            counters.collect(sink);
        }
    }
}
