package org.narthex.tsdb.chunk;

import org.narthex.api.storage.SampleBuffer;

/** Puts samples that were read from several places into one ascending order. */
public final class SortedRuns {
    private SortedRuns() {}

    /**
     * Sorts the samples from the given index on, which ascend but for a few places where another source begins, and keeps of equal timestamps the
     * first. Takes time by the logarithm of the number of sources.
     */
    public static void merge(SampleBuffer samples, int from) {
        int count = samples.size() - from;
        int[] starts = runs(samples, from);
        if (starts.length > 2) {
            int[] order = new int[count];
            for (int i = 0; i < count; i++) {
                order[i] = from + i;
            }
            arrange(samples, from, sorted(samples.timestampsMs(), order, starts));
        }
        dropRepeated(samples, from);
    }

    /** Where runs begin, counted from {@code from}, and the end. */
    private static int[] runs(SampleBuffer samples, int from) {
        long[] times = samples.timestampsMs();
        int size = samples.size();
        int n = 1;
        for (int i = from + 1; i < size; i++) {
            n += times[i] < times[i - 1] ? 1 : 0;
        }
        int[] starts = new int[n + 1];
        n = 1;
        for (int i = from + 1; i < size; i++) {
            if (times[i] < times[i - 1]) {
                starts[n++] = i - from;
            }
        }
        starts[n] = size - from;
        return starts;
    }

    private static int[] sorted(long[] times, int[] order, int[] runs) {
        int[] from = order;
        int[] into = new int[order.length];
        int[] starts = runs;
        while (starts.length > 2) {
            int pairs = starts.length / 2;
            int[] wider = new int[pairs + 1];
            for (int i = 0; i < pairs; i++) {
                int middle = starts[2 * i + 1];
                int end = starts[Math.min(2 * i + 2, starts.length - 1)];
                merge(times, from, into, starts[2 * i], middle, end);
                wider[i + 1] = end;
            }
            starts = wider;
            int[] swapped = from;
            from = into;
            into = swapped;
        }
        return from;
    }

    private static void merge(long[] times, int[] from, int[] into, int start, int middle, int end) {
        int a = start;
        int b = middle;
        for (int i = start; i < end; i++) {
            // Of equals, the earlier source's comes first.
            boolean first = b == end || (a < middle && times[from[a]] <= times[from[b]]);
            into[i] = first ? from[a++] : from[b++];
        }
    }

    /** Moves samples so that at each place is the one the order names, cycle by cycle, by way of one place behind the end. */
    private static void arrange(SampleBuffer samples, int from, int[] order) {
        int size = samples.size();
        samples.ensureCapacity(size + 1);
        for (int i = 0; i < order.length; i++) {
            if (order[i] == from + i || order[i] < 0) {
                continue;
            }
            samples.move(from + i, size);
            int place = i;
            while (order[place] != from + i) {
                samples.move(order[place], from + place);
                int next = order[place] - from;
                order[place] = -1;
                place = next;
            }
            samples.move(size, from + place);
            order[place] = -1;
        }
        samples.size(size + 1);
        samples.truncate(size);
    }

    private static void dropRepeated(SampleBuffer samples, int from) {
        long[] times = samples.timestampsMs();
        int kept = from;
        for (int i = from; i < samples.size(); i++) {
            if (i == from || times[i] != times[kept - 1]) {
                if (kept != i) {
                    samples.move(i, kept);
                }
                kept++;
            }
        }
        samples.truncate(kept);
    }
}
