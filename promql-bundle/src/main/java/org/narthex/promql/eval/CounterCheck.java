package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Span;

/** Tells the author of a query when a counter function is applied to what does not look like a counter. */
final class CounterCheck {
    private final Notes notes;
    private final Span span;
    private volatile String lastName = "";

    CounterCheck(Notes notes, Span span) {
        this.notes = notes;
        this.span = span;
    }

    /** Warns if a sample of any window says that it has been counting since before the sample ahead of it, which says otherwise. */
    void checkStartTimes(Windows windows, String metric) {
        for (int step = 0; step < windows.steps(); step++) {
            for (int i = windows.from(step) + 1; i < windows.to(step); i++) {
                long start = windows.startTimestampMs(i);
                if (start != 0 && start < windows.timestampsMs()[i - 1] && start != windows.startTimestampMs(i - 1)) {
                    notes.warn(
                            "sample has start time that overlaps with previous sample timestamp for metric "
                                    + Quoting.quote(metric),
                            span);
                    return;
                }
            }
        }
    }

    void check(Labels labels) {
        String name = labels.metricName();
        if (name.equals(lastName)) {
            return;
        }
        // Neighbours mostly have the same name: remember it, whichever thread saw it last.
        lastName = name;
        boolean counter =
                name.endsWith("_total") || name.endsWith("_sum") || name.endsWith("_count") || name.endsWith("_bucket");
        if (!counter) {
            notes.info(
                    "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
                            + Quoting.quote(name),
                    span);
        }
    }
}
