package org.narthex.api.discovery;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;

/** Asks one source again and again, and tells what changed. */
final class RefreshLoop {
    private static final Logger LOG = System.getLogger(RefreshLoop.class.getName());
    /** The first wait after a failure; doubled each time. */
    private static final long RETRY_MS = 500;

    private final RefreshingProvider provider;
    private final String type;
    private final RefreshingProvider.Source source;
    private final DiscoveryProvider.Listener listener;
    private final Map<String, TargetGroup> published = new LinkedHashMap<>();
    private boolean isFirst = true;
    private int failed;
    private Thread asking;
    private Future<?> waiting;
    private boolean closed;

    RefreshLoop(
            RefreshingProvider provider,
            String type,
            RefreshingProvider.Source source,
            DiscoveryProvider.Listener listener) {
        this.provider = provider;
        this.type = type;
        this.source = source;
        this.listener = listener;
    }

    void begin() {
        next(0);
    }

    private synchronized void next(long delayMs) {
        if (!closed) {
            waiting = provider.schedule(this::refresh, delayMs);
        }
    }

    private void refresh() {
        synchronized (this) {
            if (closed) {
                return;
            }
            asking = Thread.currentThread();
        }
        long start = System.nanoTime();
        List<TargetGroup> groups = null;
        Throwable failure = null;
        try {
            groups = source.fetch();
        } catch (Exception | LinkageError e) {
            failure = e;
        }
        boolean last;
        synchronized (this) {
            asking = null;
            // An interruption was meant for the question, not for the thread's next task.
            Thread.interrupted();
            last = closed;
            if (!closed) {
                provider.refreshed(System.nanoTime() - start, failure == null);
                if (failure == null) {
                    publish(groups);
                } else {
                    noteFailure(failure);
                }
            }
        }
        if (last) {
            source.close();
        } else {
            next(waitMs());
        }
    }

    private synchronized long waitMs() {
        return waitMs(failed, source.refreshMs());
    }

    /** How long to wait after so many failures in a row: ever longer, and at most as long as when all is well. */
    static long waitMs(int failed, long refreshMs) {
        return failed == 0 ? refreshMs : Math.min(refreshMs, RETRY_MS << Math.min(failed - 1, 20));
    }

    private void noteFailure(Throwable failure) {
        if (failed++ == 0) {
            LOG.log(
                    Level.WARNING,
                    "discovery by " + type + " failed, its last good targets stay: "
                            + (failure.getMessage() == null ? failure.toString() : failure.getMessage()));
        }
    }

    private void publish(List<TargetGroup> groups) {
        if (failed > 0) {
            failed = 0;
            LOG.log(Level.INFO, "discovery by " + type + " works again");
        }
        Map<String, TargetGroup> now = new LinkedHashMap<>();
        for (TargetGroup group : groups) {
            now.put(group.source(), group);
        }
        List<TargetGroup> changed = new ArrayList<>();
        now.forEach((name, group) -> {
            if (!group.equals(published.get(name))) {
                changed.add(group);
            }
        });
        for (String name : published.keySet()) {
            if (!now.containsKey(name)) {
                changed.add(new TargetGroup(name, List.of(), Labels.EMPTY));
            }
        }
        published.clear();
        published.putAll(now);
        if (!changed.isEmpty() || isFirst) {
            isFirst = false;
            listener.update(changed);
        }
    }

    void close() {
        boolean idle;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            idle = asking == null;
            if (asking != null) {
                asking.interrupt();
            }
            if (waiting != null) {
                waiting.cancel(false);
            }
        }
        if (idle) {
            source.close();
        }
    }
}
