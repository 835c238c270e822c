package org.narthex.scrape;

import java.util.concurrent.atomic.AtomicBoolean;

/** One scrape on its way. The first of the outcomes counts, whichever thread brings it. */
final class Attempt {
    /** What became of a scrape; called once. */
    interface Outcome {
        /** The outcome closes the page. */
        void page(Page page);

        void collected(CollectedSamples samples);

        void failed(ScrapeException reason);

        /** Nothing is known, so nothing is written. */
        void skipped();
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final Outcome outcome;

    Attempt(Outcome outcome) {
        this.outcome = outcome;
    }

    boolean isOver() {
        return over.get();
    }

    void page(Page page) {
        if (over.compareAndSet(false, true)) {
            outcome.page(page);
        } else {
            page.close();
        }
    }

    void collected(CollectedSamples samples) {
        if (over.compareAndSet(false, true)) {
            outcome.collected(samples);
        }
    }

    void failed(ScrapeException reason) {
        if (over.compareAndSet(false, true)) {
            outcome.failed(reason);
        }
    }

    void skipped() {
        if (over.compareAndSet(false, true)) {
            outcome.skipped();
        }
    }
}
