package org.narthex.exporter.node;

import java.io.File;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks file systems for their sizes. One whose server is gone may keep the asking thread waiting for ever: so each is asked on a thread that can be
 * left behind, and one that did not answer in time is not asked again until it does.
 */
final class StatFs implements AutoCloseable {
    private static final int MAX_THREADS = 8;

    private final long timeoutMs;
    private final Function<String, Optional<Sizes>> statvfs;
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();
    /** No thread is kept while nobody asks. */
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MAX_THREADS, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "narthex-exporter-node-statfs");
                thread.setDaemon(true);
                return thread;
            });

    StatFs(long timeoutMs) {
        this(timeoutMs, StatFs::statvfs);
    }

    StatFs(long timeoutMs, Function<String, Optional<Sizes>> statvfs) {
        this.timeoutMs = timeoutMs;
        this.statvfs = statvfs;
    }

    /** Bytes; available is what is left to others than root. */
    record Sizes(double size, double free, double available) {}

    /** The sizes of what is mounted there; empty if that fails or takes too long. */
    Optional<Sizes> sizes(String mountPoint) throws InterruptedException {
        if (stuck.contains(mountPoint)) {
            return Optional.empty();
        }
        Future<Optional<Sizes>> answer;
        try {
            answer = threads.submit(() -> ask(mountPoint));
        } catch (RejectedExecutionException e) {
            // Every thread hangs on some other file system.
            return Optional.empty();
        }
        try {
            return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            stuck.add(mountPoint);
            if (answer.isDone()) {
                // It answered while being marked.
                stuck.remove(mountPoint);
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking for the size of " + mountPoint + " failed", e.getCause());
        }
    }

    private Optional<Sizes> ask(String mountPoint) {
        try {
            return statvfs.apply(mountPoint);
        } finally {
            stuck.remove(mountPoint);
        }
    }

    /** {@link File} gives the numbers of statvfs with the least detour; a failure looks like a size of 0. */
    private static Optional<Sizes> statvfs(String mountPoint) {
        File file = new File(mountPoint);
        double size = file.getTotalSpace();
        if (size == 0 && !file.canRead()) {
            return Optional.empty();
        }
        return Optional.of(new Sizes(size, file.getFreeSpace(), file.getUsableSpace()));
    }

    /** Threads that hang stay behind as daemons; nothing can end them. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
