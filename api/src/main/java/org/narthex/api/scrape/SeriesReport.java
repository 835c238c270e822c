package org.narthex.api.scrape;

import java.util.List;

/**
 * How many series targets have, beside how many they should have. A budget is soft: nothing is refused for it.
 *
 * @param series of all jobs
 * @param budget for all jobs together; 0 for none
 * @param jobs those with most series first
 */
public record SeriesReport(long series, long budget, List<Job> jobs) {
    public SeriesReport {
        jobs = List.copyOf(jobs);
    }

    /**
     * The series of one job.
     *
     * @param budget 0 for none
     * @param labels those with most values first
     * @param wouldDrop the metrics a hard limit would have to do without, those with most series first; empty within the budget
     */
    public record Job(String job, long series, long budget, List<Label> labels, List<Excess> wouldDrop) {
        public Job {
            labels = List.copyOf(labels);
            wouldDrop = List.copyOf(wouldDrop);
        }

        /** By how many series the job is over its budget; 0 if it is not. */
        public long over() {
            return budget == 0 ? 0 : Math.max(0, series - budget);
        }
    }

    /**
     * A label of a job's series.
     *
     * @param values how many different ones it has
     * @param series how many have the label
     */
    public record Label(String name, long values, long series) {}

    /**
     * A metric with many series.
     *
     * @param label the label that makes them many: the one with most values; empty if there is none
     * @param values how many different ones that label has in this metric
     */
    public record Excess(String metric, long series, String label, long values) {}
}
