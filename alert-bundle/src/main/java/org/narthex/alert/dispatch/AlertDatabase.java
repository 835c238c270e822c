package org.narthex.alert.dispatch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;

import org.mapdb.DB;
import org.mapdb.DBException;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.narthex.api.model.Labels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the dispatcher's state on disk, in a MapDB file with transactions: after a kill it holds what was committed last. A damaged file is moved
 * to {@code quarantine/} beside it; if no file can be opened at all, the state is kept in memory and said so. Used by the dispatcher's thread alone.
 */
final class AlertDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(AlertDatabase.class);

    /** What the file held when it was opened. */
    record Content(Map<Labels, StoredAlert> alerts, Map<String, LogEntry> log, TreeMap<Long, Delivery> deliveries) {}

    private final Path file;
    private DB db;
    private ConcurrentMap<String, byte[]> alerts;
    private ConcurrentMap<String, byte[]> log;
    private ConcurrentMap<Long, byte[]> deliveries;
    private boolean changed;
    private boolean durable;

    AlertDatabase(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Whether what is committed survives the process. */
    boolean isDurable() {
        return durable;
    }

    /** Opens the file, makes it if needed, and reads all of it. */
    Content open() {
        try {
            Files.createDirectories(file.getParent());
            try {
                return openFile();
            } catch (DBException.FileLocked e) {
                throw new IOException("it is in use by another process", e);
            } catch (DBException | IOException | IllegalStateException | AssertionError | IndexOutOfBoundsException e) {
                quarantine(e);
                return openFile();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            LOG.error("{} cannot be used: alerts and notifications are kept in memory only: {}", file, e.toString());
            closeQuietly();
            use(DBMaker.memoryDB().make());
            return new Content(new HashMap<>(), new HashMap<>(), new TreeMap<>());
        }
    }

    private Content openFile() throws IOException {
        use(DBMaker.fileDB(file.toFile()).transactionEnable().make());
        durable = true;
        Content content = new Content(new HashMap<>(), new HashMap<>(), new TreeMap<>());
        for (byte[] value : alerts.values()) {
            StoredAlert stored = StateFormat.readAlert(value);
            content.alerts().put(stored.alert.labels(), stored);
        }
        for (Map.Entry<String, byte[]> entry : log.entrySet()) {
            content.log().put(entry.getKey(), StateFormat.readEntry(entry.getValue()));
        }
        for (byte[] value : deliveries.values()) {
            Delivery delivery = StateFormat.readDelivery(value);
            content.deliveries().put(delivery.id(), delivery);
        }
        return content;
    }

    private void use(DB opened) {
        db = opened;
        durable = false;
        alerts = db.hashMap("alerts", Serializer.STRING, Serializer.BYTE_ARRAY).createOrOpen();
        log = db.hashMap("log", Serializer.STRING, Serializer.BYTE_ARRAY).createOrOpen();
        deliveries =
                db.treeMap("deliveries", Serializer.LONG, Serializer.BYTE_ARRAY).createOrOpen();
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
        LOG.error("{} is damaged and was moved to {}; alert state begins anew: {}", file, quarantine, why.toString());
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

    void put(StoredAlert alert) {
        changed = true;
        alerts.put(key(alert), StateFormat.write(alert));
    }

    void remove(StoredAlert alert) {
        changed |= alerts.remove(key(alert)) != null;
    }

    private static String key(StoredAlert alert) {
        return Long.toHexString(alert.fingerprint());
    }

    void put(String lane, LogEntry entry) {
        changed = true;
        log.put(lane, StateFormat.write(entry));
    }

    void removeEntry(String lane) {
        changed |= log.remove(lane) != null;
    }

    void put(Delivery delivery) {
        changed = true;
        deliveries.put(delivery.id(), StateFormat.write(delivery));
    }

    void remove(Delivery delivery) {
        changed |= deliveries.remove(delivery.id()) != null;
    }

    /** Makes all changes since the last time durable, together. */
    void commit() {
        if (changed) {
            db.commit();
            changed = false;
        }
    }

    void close() {
        closeQuietly();
    }
}
