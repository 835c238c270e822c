package org.narthex.push;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.MetricFamily;

/** The groups there are. Thread-safe; the lock guards the map, whose values do not change. */
final class GroupStore {
    private final Map<Labels, PushedGroup> groups = new LinkedHashMap<>();
    private final long defaultTtlMs;
    private final Runnable onChange;
    private boolean closed;

    /**
     * @param defaultTtlMs how long after its last push a group goes; 0 for never
     * @param onChange called after each change, with the lock held; returns soon
     */
    GroupStore(long defaultTtlMs, Runnable onChange) {
        this.defaultTtlMs = defaultTtlMs;
        this.onChange = onChange;
    }

    /** Takes groups that were kept, before anything is pushed. */
    synchronized void restore(List<PushedGroup> kept) {
        kept.forEach(group -> groups.put(group.labels(), group));
    }

    /**
     * Takes a push, whole or not at all.
     *
     * @param replace whether all families of the group go, or only those that are pushed
     * @param ttlMs how long after this push the group goes; 0 for what is usual
     * @throws PushException what was pushed is not consistent; the group remembers when
     */
    synchronized void push(Labels labels, List<MetricFamily> families, boolean replace, long ttlMs, long nowMs)
            throws PushException {
        checkOpen();
        dropOld(nowMs);
        PushedGroup before = groups.getOrDefault(labels, PushedGroup.empty(labels));
        try {
            List<MetricFamily> labelled = GroupLabels.onto(families, labels);
            PushedGroup kept = replace ? before.withoutFamilies() : before;
            PushedGroup after = kept.with(labelled, nowMs, ttlMs);
            new Consistency(groups.values()).check(after, labelled);
            groups.put(labels, after);
        } catch (InconsistentPushException e) {
            groups.put(labels, before.failed(nowMs));
            throw new PushException(
                    HttpServletResponse.SC_BAD_REQUEST,
                    "pushed metrics are invalid or inconsistent with existing metrics: " + e.getMessage());
        } finally {
            onChange.run();
        }
    }

    synchronized void delete(Labels labels) throws PushException {
        checkOpen();
        if (groups.remove(labels) != null) {
            onChange.run();
        }
    }

    synchronized void wipe() throws PushException {
        checkOpen();
        groups.clear();
        onChange.run();
    }

    /** All groups, in the order of their first push. */
    synchronized List<PushedGroup> groups(long nowMs) {
        dropOld(nowMs);
        return new ArrayList<>(groups.values());
    }

    private void dropOld(long nowMs) {
        if (groups.values().removeIf(group -> group.isOver(nowMs, defaultTtlMs))) {
            onChange.run();
        }
    }

    private void checkOpen() throws PushException {
        if (closed) {
            throw new PushException(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "stopping");
        }
    }

    /** From now on refuses changes, so that what is kept at the end is all there was. */
    synchronized void close() {
        closed = true;
    }
}
