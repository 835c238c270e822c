package org.narthex.tsdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.narthex.api.storage.StorageFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder: held by one process at a time, by a lock on the file {@code lock}, which names the process. Damaged parts are moved to its
 * sub-folder {@code quarantine}, counted, and never deleted. Thread-safe.
 */
final class DataFolder implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    /** Later faults are only counted. */
    private static final int MAX_FAULTS = 1000;

    private final Path path;
    private final FileChannel lockFile;
    private final AtomicLong corruptions = new AtomicLong();

    /** Oldest first; guarded by itself. */
    private final List<StorageFault> faults = new ArrayList<>();

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the folder where needed, and takes hold of it.
     *
     * @throws IOException if it is in use or cannot be written; the message is for the user
     */
    static DataFolder hold(Path path, boolean lock) throws IOException {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new IOException("storage: cannot create data folder " + path + ": " + reason(e), e);
        }
        FileChannel file = null;
        try {
            file = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (lock) {
                take(path, file);
            }
            return new DataFolder(path, file);
        } catch (InUseException e) {
            file.close();
            throw e;
        } catch (IOException e) {
            if (file != null) {
                file.close();
            }
            throw new IOException("storage: cannot write to data folder " + path + ": " + reason(e), e);
        }
    }

    private static final class InUseException extends IOException {
        private static final long serialVersionUID = 1;

        InUseException(Path path, String process) {
            super("storage: data folder " + path + " is in use by process " + process);
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : e.toString();
    }

    private static void take(Path path, FileChannel file) throws IOException {
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new InUseException(path, ProcessHandle.current().pid() + " (this one)");
        }
        if (lock == null) {
            ByteBuffer pid = ByteBuffer.allocate(32);
            file.read(pid, 0);
            throw new InUseException(path, new String(pid.array(), 0, pid.position(), StandardCharsets.UTF_8).strip());
        }
        String other = flockHolder(path.resolve("lock"));
        if (other != null) {
            throw new InUseException(path, other);
        }
        byte[] own = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        file.truncate(0);
        file.write(ByteBuffer.wrap(own), 0);
    }

    /** Prometheus takes the lock by flock(2), which Java's locks do not see; Linux lists both kinds. */
    private static String flockHolder(Path file) throws IOException {
        Path locks = Path.of("/proc/locks");
        if (!Files.isReadable(locks)) {
            return null;
        }
        String inode = ":" + Files.getAttribute(file, "unix:ino");
        for (String line : Files.readAllLines(locks)) {
            // 1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 5 && fields[1].equals("FLOCK") && fields[5].endsWith(inode)) {
                return fields[4];
            }
        }
        return null;
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Counts a damaged part and moves it away. */
    void quarantine(Path damaged, Throwable why) {
        note(damaged, why);
        boolean isAway = false;
        try {
            Files.move(damaged, place(damaged), StandardCopyOption.ATOMIC_MOVE);
            isAway = true;
        } catch (IOException e) {
            LOG.error("cannot move {} to quarantine: {}", damaged, e.toString());
        }
        remember(damaged, why, isAway);
    }

    /** Takes note of a part that hinders queries and stays where it is; of the same part only once. */
    void fault(Path damaged, Throwable why) {
        if (remember(damaged, why, false)) {
            corruptions.incrementAndGet();
            LOG.error("{} is damaged: {}", damaged, why.getMessage());
        }
    }

    private boolean remember(Path part, Throwable why, boolean isOver) {
        synchronized (faults) {
            for (StorageFault fault : faults) {
                if (fault.part().equals(part.toString()) && fault.isOver() == isOver) {
                    return false;
                }
            }
            if (faults.size() < MAX_FAULTS) {
                faults.add(new StorageFault(
                        part.toString(), String.valueOf(why.getMessage()), System.currentTimeMillis(), isOver));
            }
            return true;
        }
    }

    /** What was met since the start, oldest first. */
    List<StorageFault> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    /**
     * Counts damage at the end of a file, and moves everything from the given byte on to quarantine. Where that cannot be, e.g. on a full disk, the
     * file stays as it is, and the next start tries again.
     */
    void quarantineTail(Path damaged, long from, Throwable why) {
        note(damaged, why);
        boolean isAway = true;
        try {
            Path place = place(damaged);
            try (FileChannel file = FileChannel.open(damaged, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                copyTail(file, from, place);
                file.truncate(from);
                file.force(true);
            }
        } catch (IOException e) {
            LOG.error("cannot move the end of {} to quarantine: {}", damaged, e.toString());
            isAway = false;
        }
        remember(damaged, why, isAway);
    }

    private static void copyTail(FileChannel file, long from, Path place) throws IOException {
        try (FileChannel copy = FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long at = from;
            while (at < file.size()) {
                at += file.transferTo(at, file.size() - at, copy);
            }
            copy.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(place);
            throw e;
        }
    }

    /** Counts a part that should be there and is not; nothing can be moved away. */
    void missing(Path where, String what) {
        corruptions.incrementAndGet();
        LOG.error("{} has a gap: {}; samples written then are lost", where, what);
        remember(where, new IOException(what), true);
    }

    private void note(Path damaged, Throwable why) {
        corruptions.incrementAndGet();
        LOG.error("{} is damaged and goes to quarantine/: {}", damaged, why.getMessage());
    }

    private Path place(Path damaged) throws IOException {
        Path quarantine = path.resolve("quarantine");
        Files.createDirectories(quarantine);
        Path place = quarantine.resolve(damaged.getFileName().toString());
        for (int i = 1; Files.exists(place); i++) {
            place = quarantine.resolve(damaged.getFileName() + "." + i);
        }
        return place;
    }

    /** Damaged parts met since the start. */
    long corruptions() {
        return corruptions.get();
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
