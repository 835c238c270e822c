package org.narthex.alert.dispatch;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events (alerts, outcomes, configurations, channels) from any thread to the dispatcher, one step at a time. The lock guards the events;
 * all the rest belongs to whoever calls {@link #step}, one thread at a time.
 */
final class DispatchLoop {
    private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);

    /** State left by an earlier process is read this long after the start, unless an alert comes first; the start itself is not held up. */
    private static final long OPEN_DELAY_MS = 3_000;

    /** So long the notes of deliveries wait for those of others under way: they are committed together. */
    private static final long NOTES_MS = 25;

    private static final long RETRY_MS = 1_000;
    private static final long REPAIR_MS = 60_000;

    private final AlertDatabase database;
    private final DispatchCounters counters;
    private final InstantSource clock;
    private final NotificationLog log;
    private final DeliveryQueue queue;
    private final Dispatcher dispatcher;
    private final History history;

    private final List<RaisedAlert> raised = new ArrayList<>();
    private final List<Outcome> ended = new ArrayList<>();
    private final List<Question<?>> questions = new ArrayList<>();
    private AlertingConfig newConfig;
    private boolean channelsChanged;

    private boolean configured;
    private boolean open;
    private long openAtMs;
    private long repairAtMs;
    /** When what was delivered must be noted on disk; {@link Long#MAX_VALUE} if all is. */
    private long commitAtMs = Long.MAX_VALUE;

    private boolean failing;

    DispatchLoop(
            AlertDatabase database,
            Channels channels,
            Executor executor,
            ExternalUrl externalUrl,
            DispatchCounters counters,
            DispatchSettings settings,
            InstantSource clock) {
        this.database = database;
        this.counters = counters;
        this.clock = clock;
        this.log = new NotificationLog(database);
        this.queue = new DeliveryQueue(database, log, channels, executor, this::ended, counters);
        this.history = new History(database, settings.historyMs());
        this.dispatcher = new Dispatcher(database, log, queue, externalUrl, counters, history, settings);
    }

    synchronized void accept(List<RaisedAlert> alerts) {
        raised.addAll(alerts);
        notifyAll();
    }

    synchronized void configure(AlertingConfig config) {
        newConfig = config;
        notifyAll();
    }

    /** Something that only the dispatcher's thread may do or know; the answer is given once what it changed is on disk. */
    private static final class Question<T> {
        private final Function<Dispatcher, T> code;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Runnable completion = () -> {};

        private Question(Function<Dispatcher, T> code) {
            this.code = code;
        }

        private void run(Dispatcher dispatcher) {
            try {
                T value = code.apply(dispatcher);
                completion = () -> answer.complete(value);
            } catch (RuntimeException e) {
                completion = () -> answer.completeExceptionally(e);
            }
        }
    }

    synchronized <T> CompletableFuture<T> ask(Function<Dispatcher, T> code) {
        Question<T> question = new Question<>(code);
        questions.add(question);
        notifyAll();
        return question.answer;
    }

    synchronized void channelsChanged() {
        channelsChanged = true;
        notifyAll();
    }

    private synchronized void ended(Outcome outcome) {
        ended.add(outcome);
        notifyAll();
    }

    /** Steps until the thread is interrupted. */
    void run() {
        while (!Thread.currentThread().isInterrupted()) {
            long next;
            try {
                next = step();
                failing = false;
            } catch (RuntimeException | LinkageError | AssertionError e) {
                if (!failing) {
                    LOG.error("Dispatching alerts failed, it is tried again every second", e);
                }
                failing = true;
                next = clock.millis() + RETRY_MS;
            }
            await(next);
        }
        // Interrupted is how it is told to end; the file is closed in peace.
        Thread.interrupted();
        finish();
    }

    private synchronized void await(long untilMs) {
        try {
            long waitMs = untilMs - clock.millis();
            while (waitMs > 0 && (failing || !hasEvents())) {
                // At most a minute, in case the wall clock is set.
                wait(Math.min(waitMs, 60_000));
                waitMs = untilMs - clock.millis();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasEvents() {
        return !raised.isEmpty() || !questions.isEmpty() || !ended.isEmpty() || newConfig != null || channelsChanged;
    }

    /** Works off all events and what is due. Returns when to call it again, in milliseconds since the epoch. */
    long step() {
        long nowMs = clock.millis();
        List<RaisedAlert> alerts;
        List<Outcome> outcomes;
        List<Question<?>> asked;
        AlertingConfig config;
        boolean changed;
        synchronized (this) {
            alerts = List.copyOf(raised);
            outcomes = List.copyOf(ended);
            config = newConfig;
            changed = channelsChanged;
            asked = List.copyOf(questions);
            raised.clear();
            ended.clear();
            questions.clear();
            newConfig = null;
            channelsChanged = false;
        }
        if (config != null) {
            dispatcher.configure(config, templates(config), nowMs);
            openAtMs = configured ? openAtMs : nowMs + OPEN_DELAY_MS;
            configured = true;
        }
        if (!configured) {
            asked.forEach(question -> question.answer.completeExceptionally(new IllegalStateException("not started")));
            return Long.MAX_VALUE;
        }
        if (!open) {
            boolean wait = alerts.isEmpty() && asked.isEmpty() && (nowMs < openAtMs || !database.exists());
            if (wait) {
                return database.exists() ? openAtMs : Long.MAX_VALUE;
            }
            dispatcher.restore(database.open(), nowMs);
            open = true;
            repairAtMs = nowMs + REPAIR_MS;
        }
        if (!outcomes.isEmpty()) {
            work(outcomes, nowMs);
            // Those that wait are on disk: they need not wait for this commit.
            queue.startDue(nowMs);
            commitAtMs = Math.min(commitAtMs, nowMs + NOTES_MS);
        }
        dispatcher.accept(alerts, nowMs);
        asked.forEach(question -> question.run(dispatcher));
        long next = dispatcher.run(nowMs);
        if (changed) {
            queue.channelsChanged(nowMs);
        }
        boolean news = config != null || !alerts.isEmpty() || !asked.isEmpty() || changed || queue.hasUncommitted();
        if (news || nowMs >= commitAtMs || !queue.isBusy()) {
            // From here on a kill loses nothing of what follows.
            long start = System.nanoTime();
            if (database.commit()) {
                counters.ofState().commit(System.nanoTime() - start);
            }
            queue.committed();
            commitAtMs = Long.MAX_VALUE;
        }
        asked.forEach(question -> question.completion.run());
        return Math.min(Math.min(next, commitAtMs), Math.min(queue.startDue(nowMs), repairDatabase(nowMs)));
    }

    private SectionTemplates templates(AlertingConfig config) {
        try {
            return SectionTemplates.of(config.templates(), clock);
        } catch (ConfigException e) {
            // Such a configuration was refused when it was checked.
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Returns when to look at it again, in milliseconds since the epoch. */
    private long repairDatabase(long nowMs) {
        if (database.hasFailed() && nowMs >= repairAtMs) {
            repairAtMs = nowMs + REPAIR_MS;
            if (database.reopen()) {
                dispatcher.writeAll();
                queue.writeAll();
                database.commit();
            }
        }
        counters.durable(!database.hasFailed());
        return database.hasFailed() ? repairAtMs : Long.MAX_VALUE;
    }

    private void work(List<Outcome> outcomes, long nowMs) {
        for (Outcome outcome : outcomes) {
            history.outcome(nowMs, outcome);
            queue.ended(outcome, nowMs);
            switch (outcome.kind()) {
                case DELIVERED -> log.remember(outcome.delivery().lane(), outcome.memo());
                case REJECTED -> log.refused(outcome.delivery());
                case FAILED -> {
                    // There will be another attempt, which knows as much.
                }
            }
        }
    }

    /** Notes what was delivered until now and closes the file; nothing is delivered after that. */
    void finish() {
        List<Outcome> outcomes;
        synchronized (this) {
            outcomes = List.copyOf(ended);
            ended.clear();
            questions.forEach(question ->
                    question.answer.completeExceptionally(new IllegalStateException("the Alertmanager is stopping")));
            questions.clear();
        }
        if (open) {
            try {
                work(outcomes, clock.millis());
                database.commit();
            } finally {
                database.close();
                open = false;
            }
        }
    }
}
