package org.narthex.alert.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifications that are not delivered yet, in lanes: one lane per section and group, whose notifications go one after the other. What is added
 * stays, over a kill, until the channel took or refused it, something newer replaced it, or nobody cares any more. Used by the
 * dispatcher's thread alone; attempts run elsewhere and report to {@code outcomes}.
 */
final class DeliveryQueue {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryQueue.class);

    private static final long FIRST_BACKOFF_MS = 1_000;
    private static final long MAX_BACKOFF_MS = 60_000;

    /** Attempts at once: in all, for one type, and for one section, so that one that is slow leaves room for others. */
    static final int MAX_ATTEMPTS = 16;

    private static final int MAX_PER_TYPE = 8;
    private static final int MAX_PER_SECTION = 4;

    /** Which of several that are due goes first. */
    private static final Comparator<Lane> EARLIEST =
            Comparator.<Lane>comparingLong(lane -> lane.nextAttemptMs).thenComparingLong(lane -> lane.number);

    /** How often lanes whose turn does not come are looked through for what nobody cares about any more. */
    private static final long GIVE_UP_CHECK_MS = 60_000;

    private static final class Lane {
        private final String key;
        private final SectionKey section;
        /** By age. */
        private final long number;

        private final Deque<Delivery> waiting = new ArrayDeque<>();
        private boolean inFlight;
        private int failures;
        private long nextAttemptMs;
        /** No channel of the type is there: the next one that comes wakes the lane. */
        private boolean lacksChannel;

        private Lane(String key, SectionKey section, long number) {
            this.key = key;
            this.section = section;
            this.number = number;
        }
    }

    private final AlertDatabase database;
    private final NotificationLog log;
    private final Channels channels;
    private final Executor executor;
    private final Consumer<Outcome> outcomes;
    private final DispatchCounters counters;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    /** The lanes of each section that have no attempt under way. There may be thousands: none is looked at before its turn. */
    private final Map<SectionKey, NavigableSet<Lane>> idle = new LinkedHashMap<>();

    private final Map<Object, Integer> inFlight = new HashMap<>();
    private AlertingConfig config;
    private SectionTemplates templates;
    private int attempts;
    private int waiting;
    private boolean uncommitted;
    private long nextId = 1;
    private long lanesMade;
    private long nextGiveUpCheckMs;

    DeliveryQueue(
            AlertDatabase database,
            NotificationLog log,
            Channels channels,
            Executor executor,
            Consumer<Outcome> outcomes,
            DispatchCounters counters) {
        this.database = database;
        this.log = log;
        this.channels = channels;
        this.executor = executor;
        this.outcomes = outcomes;
        this.counters = counters;
    }

    /** What was in the queue when the process ended; it goes first. */
    void restore(Collection<Delivery> deliveries, long nowMs) {
        for (Delivery delivery : deliveries) {
            nextId = Math.max(nextId, delivery.id() + 1);
            if (delivery.section().find(config).isEmpty()) {
                forget(delivery, "its section is no longer configured");
            } else {
                put(delivery, nowMs);
            }
        }
    }

    void configure(AlertingConfig newConfig, SectionTemplates newTemplates, long nowMs) {
        config = newConfig;
        templates = newTemplates;
        for (Lane lane : List.copyOf(lanes.values())) {
            if (lane.section.find(newConfig).isEmpty()) {
                lane.waiting.forEach(delivery -> forget(delivery, "its section is no longer configured"));
                waiting -= lane.waiting.size();
                remove(lane);
            } else if (!lane.inFlight) {
                // What held a lane up may be right now.
                schedule(lane, Math.min(lane.nextAttemptMs, nowMs));
            }
        }
    }

    /** Has a lane without an attempt under way wait for its turn. */
    private void schedule(Lane lane, long atMs) {
        NavigableSet<Lane> ofSection = idle.computeIfAbsent(lane.section, section -> new TreeSet<>(EARLIEST));
        ofSection.remove(lane);
        lane.nextAttemptMs = atMs;
        ofSection.add(lane);
    }

    private void takeOut(Lane lane) {
        NavigableSet<Lane> ofSection = idle.get(lane.section);
        if (ofSection != null) {
            ofSection.remove(lane);
            if (ofSection.isEmpty()) {
                idle.remove(lane.section);
            }
        }
    }

    private void remove(Lane lane) {
        takeOut(lane);
        lanes.remove(lane.key);
    }

    /** Takes a notification; it is durable with the next commit. */
    void add(SectionKey section, Notification notification, long nowMs, long giveUpMs) {
        Delivery delivery = new Delivery(nextId++, section, notification, nowMs, giveUpMs);
        database.put(delivery);
        uncommitted = true;
        put(delivery, nowMs);
    }

    /** Whether notifications were added that a kill would lose. */
    boolean hasUncommitted() {
        return uncommitted;
    }

    void committed() {
        uncommitted = false;
    }

    /** Whether attempts are under way, whose outcomes are to come. */
    boolean isBusy() {
        return attempts > 0;
    }

    private void put(Delivery delivery, long nowMs) {
        Lane lane = lanes.get(delivery.lane());
        if (lane == null) {
            lane = new Lane(delivery.lane(), delivery.section(), lanesMade++);
            lanes.put(lane.key, lane);
            schedule(lane, nowMs);
        }
        lane.waiting.addLast(delivery);
        waiting++;
        replaceOlder(lane);
    }

    /** Of what waits behind an attempt under way only the newest firing one and a resolved one after it have something to say. */
    private void replaceOlder(Lane lane) {
        List<Delivery> all = new ArrayList<>(lane.waiting);
        Delivery newest = all.get(all.size() - 1);
        for (int i = lane.inFlight ? 1 : 0; i < all.size() - 1; i++) {
            Delivery older = all.get(i);
            if (!newest.notification().isResolved() || older.notification().isResolved()) {
                lane.waiting.remove(older);
                waiting--;
                database.remove(older);
            }
        }
    }

    /** Puts all that waits into the database, which is empty. */
    void writeAll() {
        lanes.values().forEach(lane -> lane.waiting.forEach(database::put));
    }

    /** A channel has come or gone. */
    void channelsChanged(long nowMs) {
        for (Lane lane : lanes.values()) {
            if (lane.lacksChannel) {
                lane.lacksChannel = false;
                schedule(lane, nowMs);
            }
        }
    }

    /** Starts what is due, which must be committed by now. Returns when it wants to be called again, in milliseconds since the epoch. */
    long startDue(long nowMs) {
        if (nowMs >= nextGiveUpCheckMs) {
            nextGiveUpCheckMs = nowMs + GIVE_UP_CHECK_MS;
            for (Lane lane : List.copyOf(lanes.values())) {
                giveUpOld(lane, nowMs);
            }
        }
        long next = lanes.isEmpty() ? Long.MAX_VALUE : nextGiveUpCheckMs;
        for (Optional<Lane> lane = earliest(); lane.isPresent(); lane = earliest()) {
            if (lane.get().nextAttemptMs > nowMs) {
                next = Math.min(next, lane.get().nextAttemptMs);
                break;
            }
            giveUpOld(lane.get(), nowMs);
            if (!lane.get().waiting.isEmpty()) {
                start(lane.get());
            }
        }
        counters.waiting(waiting);
        return next;
    }

    /** The lane whose turn is next, of the sections that may have another attempt: every attempt that ends leads back here. */
    private Optional<Lane> earliest() {
        if (attempts >= MAX_ATTEMPTS) {
            return Optional.empty();
        }
        return idle.entrySet().stream()
                .filter(entry -> inFlight.getOrDefault(entry.getKey().type(), 0) < MAX_PER_TYPE
                        && inFlight.getOrDefault(entry.getKey(), 0) < MAX_PER_SECTION)
                .map(entry -> entry.getValue().first())
                .min(EARLIEST);
    }

    private void giveUpOld(Lane lane, long nowMs) {
        while (!lane.inFlight
                && !lane.waiting.isEmpty()
                && lane.waiting.peekFirst().giveUpMs() < nowMs) {
            Delivery old = lane.waiting.removeFirst();
            waiting--;
            counters.failedNotification(old.section().type());
            forget(old, "nothing was delivered for too long");
        }
        if (lane.waiting.isEmpty()) {
            remove(lane);
        }
    }

    private void forget(Delivery delivery, String reason) {
        database.remove(delivery);
        LOG.warn(
                "Notification to {} about group {} is dropped: {}",
                delivery.section(),
                delivery.notification().groupKey(),
                reason);
    }

    private void start(Lane lane) {
        Delivery delivery = lane.waiting.peekFirst();
        String type = delivery.section().type();
        Optional<AlertChannel> channel = channels.find(type);
        Section section = delivery.section().find(config).orElseThrow();
        if (channel.isEmpty()) {
            if (!lane.lacksChannel) {
                LOG.warn("Notifications to {} wait: there is no channel of type {}", delivery.section(), type);
            }
            lane.lacksChannel = true;
            schedule(lane, Long.MAX_VALUE);
            return;
        }
        if (lane.failures == 0) {
            counters.notification(type);
        }
        takeOut(lane);
        lane.inFlight = true;
        attempts++;
        inFlight.merge(type, 1, Integer::sum);
        inFlight.merge(delivery.section(), 1, Integer::sum);
        try {
            executor.execute(
                    new DeliveryAttempt(delivery, log.memo(lane.key), channel.get(), section, templates, outcomes));
        } catch (RejectedExecutionException e) {
            outcomes.accept(new Outcome(delivery, Outcome.Kind.FAILED, "the dispatcher is stopping", 0, ""));
        }
    }

    /** An attempt ended. */
    void ended(Outcome outcome, long nowMs) {
        Delivery delivery = outcome.delivery();
        String type = delivery.section().type();
        attempts--;
        inFlight.merge(type, -1, Integer::sum);
        inFlight.merge(delivery.section(), -1, Integer::sum);
        counters.request(type, outcome.seconds(), outcome.kind() != Outcome.Kind.DELIVERED);
        Lane lane = lanes.get(delivery.lane());
        if (lane == null || lane.waiting.isEmpty() || lane.waiting.peekFirst().id() != delivery.id()) {
            // A reload took the section away meanwhile.
            return;
        }
        lane.inFlight = false;
        if (outcome.kind() == Outcome.Kind.FAILED) {
            retryLater(lane, outcome, nowMs);
            return;
        }
        if (outcome.kind() == Outcome.Kind.REJECTED) {
            counters.failedNotification(type);
            forget(delivery, outcome.reason());
        } else if (lane.failures > 0) {
            LOG.info("Notifications to {} are delivered again", delivery.section());
        }
        database.remove(delivery);
        lane.waiting.removeFirst();
        waiting--;
        lane.failures = 0;
        if (lane.waiting.isEmpty()) {
            remove(lane);
        } else {
            schedule(lane, nowMs);
        }
    }

    private void retryLater(Lane lane, Outcome outcome, long nowMs) {
        if (lane.failures++ == 0) {
            LOG.warn(
                    "Notification to {} failed, it is tried again: {}",
                    outcome.delivery().section(),
                    outcome.reason());
        }
        schedule(lane, nowMs + Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(16, lane.failures - 1)));
        replaceOlder(lane);
    }
}
