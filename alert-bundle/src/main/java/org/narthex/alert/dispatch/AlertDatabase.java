package org.narthex.alert.dispatch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Predicate;

import org.mapdb.DB;
import org.mapdb.DBException;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.alert.AlertDesk.Event;
import org.narthex.api.alert.AlertDesk.RecurringSilence;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the dispatcher's state on disk, in a MapDB file with transactions: after a kill it holds what was committed last. A file that cannot be read,
 * damaged or of another build, is moved to {@code quarantine/} beside it. If the file cannot be opened or written, this says so once and does nothing more until {@link #reopen}:
 * alerts are then delivered all the same. Used by the dispatcher's thread alone.
 */
final class AlertDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(AlertDatabase.class);

    /** Tables of builds that kept each alert or notification by itself. */
    private static final List<String> FORMER = List.of("alerts", "log", "deliveries");

    /** So many alerts of a notification weigh as much as one alert by itself does: they have most of their labels from it. */
    private static final int ALERTS_OF_WEIGHT = 4;

    /** What the file held when it was opened. */
    record Content(
            Map<Labels, StoredAlert> alerts,
            Map<String, LogEntry> log,
            TreeMap<Long, Delivery> deliveries,
            List<Silence> silences,
            List<Acknowledgement> acknowledgements,
            List<RecurringSilence> recurring) {
        Content() {
            this(
                    new HashMap<>(),
                    new HashMap<>(),
                    new TreeMap<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    /** What was told in a lane. */
    private record Told(String lane, LogEntry entry) {}

    private final Path file;
    private DB db;
    /** By themselves: there is one object for each. */
    private Pages<StoredAlert> alerts;

    private Pages<Told> log;
    private Pages<Delivery> deliveries;
    private ConcurrentMap<String, byte[]> silences;
    private ConcurrentMap<String, byte[]> acknowledgements;
    private ConcurrentMap<String, byte[]> recurring;
    private EventPages events;
    private boolean changed;
    private boolean failed;

    AlertDatabase(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Whether changes are lost with the process at present. */
    boolean hasFailed() {
        return failed;
    }

    /** Opens the file, makes it if needed, and reads all of it. */
    Content open() {
        try {
            Files.createDirectories(file.getParent());
            try {
                return openFile();
            } catch (DBException.FileLocked e) {
                throw new IOException("it is in use by another process", e);
            } catch (DBException.VolumeIOError e) {
                // A full disk or missing rights say nothing against the file.
                throw new IOException(e.getMessage(), e);
            } catch (DBException | IOException | IllegalStateException | AssertionError | IndexOutOfBoundsException e) {
                quarantine(e);
                return openFile();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            fail(e);
            return new Content();
        }
    }

    /** Tries to open the file again after a failure, and empties it, since it knows nothing of the meantime. Returns whether it worked. */
    boolean reopen() {
        closeQuietly();
        try {
            Files.createDirectories(file.getParent());
            openFile();
            alerts.clear();
            log.clear();
            deliveries.clear();
            silences.clear();
            acknowledgements.clear();
            recurring.clear();
            changed = true;
            failed = false;
            LOG.info("{} is in use again", file);
            return true;
        } catch (IOException | RuntimeException | AssertionError e) {
            LOG.debug("{} still cannot be used", file, e);
            closeQuietly();
            return false;
        }
    }

    private void fail(Throwable why) {
        LOG.error(
                "{} cannot be used, alerts and notifications would not survive the process; it is tried again every minute: {}",
                file,
                why.toString());
        failed = true;
        closeQuietly();
    }

    private Content openFile() throws IOException {
        db = DBMaker.fileDB(file.toFile())
                .transactionEnable()
                .concurrencyDisable()
                .make();
        for (String name : FORMER) {
            if (db.exists(name)) {
                throw new IOException(
                        "it was written by an earlier build of Narthex, which kept its state in another way");
            }
        }
        alerts = new Pages<>(tree("alertPages"), alert -> alert, alert -> 1, StateFormat::write);
        log = new Pages<>(
                tree("logPages"),
                Told::lane,
                told -> 1,
                (out, told) -> StateFormat.write(out, told.lane(), told.entry()));
        deliveries = new Pages<>(tree("deliveryPages"), Delivery::id, AlertDatabase::weight, StateFormat::write);
        silences =
                db.hashMap("silences", Serializer.STRING, Serializer.BYTE_ARRAY).createOrOpen();
        acknowledgements = db.hashMap("acknowledgements", Serializer.STRING, Serializer.BYTE_ARRAY)
                .createOrOpen();
        recurring = db.hashMap("recurring", Serializer.STRING, Serializer.BYTE_ARRAY)
                .createOrOpen();
        events = new EventPages(tree("events"));
        Content content = new Content();
        for (StoredAlert stored : alerts.read(StateFormat::readAlert)) {
            content.alerts().put(stored.alert.labels(), stored);
        }
        for (Told told : log.read(bytes -> new Told(StateFormat.readLane(bytes), StateFormat.readEntry(bytes)))) {
            content.log().put(told.lane(), told.entry());
        }
        for (Delivery delivery : deliveries.read(StateFormat::readDelivery)) {
            content.deliveries().put(delivery.id(), delivery);
        }
        for (byte[] value : silences.values()) {
            content.silences().add(StateFormat.readSilence(value));
        }
        for (byte[] value : acknowledgements.values()) {
            content.acknowledgements().add(DeskFormat.readAcknowledgement(value));
        }
        for (byte[] value : recurring.values()) {
            content.recurring().add(DeskFormat.readRecurring(value));
        }
        return content;
    }

    /** Large values stand outside the tree's nodes: inside, each change would write its neighbours again. */
    private ConcurrentNavigableMap<Long, byte[]> tree(String name) {
        return db.treeMap(name, Serializer.LONG, Serializer.BYTE_ARRAY)
                .valuesOutsideNodesEnable()
                .createOrOpen();
    }

    private static int weight(Delivery delivery) {
        return 1 + delivery.notification().alerts().size() / ALERTS_OF_WEIGHT;
    }

    private void quarantine(Throwable why) throws IOException {
        closeQuietly();
        Path quarantine = file.resolveSibling("quarantine");
        Files.createDirectories(quarantine);
        String name = file.getFileName().toString();
        String suffix = "." + System.currentTimeMillis();
        try (DirectoryStream<Path> damaged = Files.newDirectoryStream(file.getParent(), name + "*")) {
            for (Path each : damaged) {
                Files.move(each, quarantine.resolve(each.getFileName() + suffix));
            }
        }
        LOG.error(
                "{} cannot be read and was moved to {}; alert state begins anew: {}", file, quarantine, why.toString());
    }

    private void closeQuietly() {
        if (db != null) {
            try {
                db.close();
            } catch (RuntimeException | AssertionError e) {
                LOG.debug("Closing {} failed", file, e);
            }
            db = null;
        }
    }

    private void change(Runnable operation) {
        if (!failed) {
            try {
                operation.run();
                changed = true;
            } catch (RuntimeException | AssertionError e) {
                fail(e);
            }
        }
    }

    void put(StoredAlert alert) {
        change(() -> alerts.put(alert));
    }

    void remove(StoredAlert alert) {
        change(() -> alerts.remove(alert));
    }

    void put(String lane, LogEntry entry) {
        change(() -> log.put(new Told(lane, entry)));
    }

    void removeEntry(String lane) {
        change(() -> log.remove(lane));
    }

    void put(Delivery delivery) {
        change(() -> deliveries.put(delivery));
    }

    void remove(Delivery delivery) {
        change(() -> deliveries.remove(delivery.id()));
    }

    void put(Silence silence) {
        change(() -> silences.put(silence.id(), StateFormat.bytes(out -> StateFormat.write(out, silence))));
    }

    void remove(Silence silence) {
        change(() -> silences.remove(silence.id()));
    }

    void put(Acknowledgement acknowledgement) {
        change(() -> acknowledgements.put(
                key(acknowledgement), StateFormat.bytes(out -> DeskFormat.write(out, acknowledgement))));
    }

    void remove(Acknowledgement acknowledgement) {
        change(() -> acknowledgements.remove(key(acknowledgement)));
    }

    private static String key(Acknowledgement acknowledgement) {
        return acknowledgement.labels().toString();
    }

    void put(RecurringSilence silence) {
        change(() -> recurring.put(silence.id(), StateFormat.bytes(out -> DeskFormat.write(out, silence))));
    }

    void remove(RecurringSilence silence) {
        change(() -> recurring.remove(silence.id()));
    }

    void put(Event event) {
        change(() -> events.add(event));
    }

    /** 0 if there is no event. */
    long lastEventId() {
        return failed ? 0 : events.lastId();
    }

    /** Shows events, the newest first, for as long as {@code more} says that it wants more. */
    void eventsBackwards(Predicate<Event> more) {
        if (failed) {
            return;
        }
        try {
            events.backwards(more);
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new IllegalStateException("the history cannot be read: " + e.getMessage(), e);
        }
    }

    void removeEventsBefore(long timeMs) {
        change(() -> {
            try {
                events.removeBefore(timeMs);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Makes all changes since the last time durable, together. Returns whether there were any. */
    boolean commit() {
        boolean wanted = changed && !failed;
        if (wanted) {
            change(() -> {
                alerts.flush();
                log.flush();
                deliveries.flush();
                events.flush();
                db.commit();
            });
            changed = false;
        }
        return wanted;
    }

    void close() {
        closeQuietly();
    }
}
