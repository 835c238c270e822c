package org.narthex.scrape;

import java.util.Arrays;

/** What is known about some of the series of a cache only: columns that are made when the first series needs them, addressed like the cache's. */
final class SeriesNotes {
    /** What the last sample of a series was. */
    static final byte FLOAT = 0;

    static final byte INTEGER_HISTOGRAM = 1;
    static final byte FLOAT_HISTOGRAM = 2;

    private byte[] kinds;
    private long[] exemplars;
    private long[] starts;
    private byte[] roles;
    private int[] groups;
    private double[] bounds;

    byte kind(int series) {
        return kinds == null || series >= kinds.length ? FLOAT : kinds[series];
    }

    void kind(int series, byte kind) {
        if (kind == kind(series)) {
            return;
        }
        kinds = kinds == null ? new byte[series + 16] : kinds;
        if (series >= kinds.length) {
            kinds = Arrays.copyOf(kinds, grown(series));
        }
        kinds[series] = kind;
    }

    /** The hash of the exemplars handed over last. */
    long exemplars(int series) {
        return exemplars == null || series >= exemplars.length ? 0 : exemplars[series];
    }

    void exemplars(int series, long hash) {
        exemplars = fitting(exemplars, series);
        exemplars[series] = hash;
    }

    /** Since when the series counted when it was last looked at, in milliseconds since the epoch. */
    long start(int series) {
        return starts == null || series >= starts.length ? 0 : starts[series];
    }

    void start(int series, long startMs) {
        starts = fitting(starts, series);
        starts[series] = startMs;
    }

    private static long[] fitting(long[] column, int series) {
        if (column == null) {
            return new long[series + 16];
        }
        return series < column.length ? column : Arrays.copyOf(column, grown(series));
    }

    private static int grown(int series) {
        return series + (series >> 1) + 16;
    }

    /** What the series is to a classic histogram, in the words of {@link ClassicCollector}; 0 if nobody asked yet. */
    byte role(int series) {
        return roles == null || series >= roles.length ? 0 : roles[series];
    }

    /** The series of the histogram that this one is a part of. */
    int group(int series) {
        return groups[series];
    }

    double bound(int series) {
        return bounds[series];
    }

    void part(int series, byte role, int group, double bound) {
        if (roles == null || series >= roles.length) {
            int capacity = grown(series);
            roles = roles == null ? new byte[capacity] : Arrays.copyOf(roles, capacity);
            groups = groups == null ? new int[capacity] : Arrays.copyOf(groups, capacity);
            bounds = bounds == null ? new double[capacity] : Arrays.copyOf(bounds, capacity);
        }
        roles[series] = role;
        groups[series] = group;
        bounds[series] = bound;
    }

    boolean isPart(int series) {
        return role(series) > ClassicCollector.NO_PART;
    }

    /** What was said to have been handed over was not: the scrape failed, or the storage is another. */
    void forgetHandedOver() {
        exemplars = null;
        starts = null;
    }

    /**
     * Follows the cache's series to other places, all of them downwards.
     *
     * @param moved for each old place the new one, -1 for none
     * @param size of the cache afterwards
     */
    void move(int[] moved, int size) {
        for (int from = 0; from < moved.length; from++) {
            int to = moved[from];
            if (to < 0) {
                continue;
            }
            move(kinds, from, to);
            move(exemplars, from, to);
            move(starts, from, to);
            if (roles != null && from < roles.length) {
                roles[to] = roles[from];
                groups[to] = isPart(from) ? moved[groups[from]] : 0;
                bounds[to] = bounds[from];
            }
        }
        clear(kinds, size);
        clear(roles, size);
        if (exemplars != null && size < exemplars.length) {
            Arrays.fill(exemplars, size, exemplars.length, 0);
        }
        if (starts != null && size < starts.length) {
            Arrays.fill(starts, size, starts.length, 0);
        }
    }

    private static void move(byte[] column, int from, int to) {
        if (column != null && to < column.length) {
            column[to] = from < column.length ? column[from] : 0;
        }
    }

    private static void move(long[] column, int from, int to) {
        if (column != null && to < column.length) {
            column[to] = from < column.length ? column[from] : 0;
        }
    }

    private static void clear(byte[] column, int size) {
        if (column != null && size < column.length) {
            Arrays.fill(column, size, column.length, (byte) 0);
        }
    }
}
