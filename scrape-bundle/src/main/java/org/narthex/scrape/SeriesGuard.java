package org.narthex.scrape;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.SeriesReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches how many series jobs have, and says so when they are more than they should be. Budgets are soft: nothing is refused. */
final class SeriesGuard {
    private static final Logger LOG = LoggerFactory.getLogger(SeriesGuard.class);
    /** How many metrics a log line names. */
    private static final int NAMED = 3;

    private final long budget;
    private final long budgetPerJob;
    /** Jobs that were over their budget when they were looked at last. */
    private final Set<String> over = new HashSet<>();

    private boolean allOver;

    /**
     * A job with its present targets.
     *
     * @param budget how many series it may have; 0 for any
     */
    record Job(String name, long budget, List<ScrapeLoop> loops) {
        /** How many series the last good scrapes had. */
        long series() {
            long series = 0;
            for (ScrapeLoop loop : loops) {
                series += loop.seriesCount();
            }
            return series;
        }

        boolean isOver() {
            return budget > 0 && series() > budget;
        }

        SeriesReport.Job report(int limit) {
            SeriesCensus census = new SeriesCensus();
            loops.forEach(loop -> loop.forEachSeries(census::add));
            return census.report(name, budget, limit);
        }
    }

    /**
     * @param budget for all jobs together; 0 for none
     * @param budgetPerJob for each job whose targets do not name another; 0 for none
     */
    SeriesGuard(long budget, long budgetPerJob) {
        this.budget = budget;
        this.budgetPerJob = budgetPerJob;
    }

    Job job(ScrapePool pool) {
        return new Job(pool.config().jobName(), pool.seriesBudget().orElse(budgetPerJob), pool.activeLoops());
    }

    /** Whether there is anything to watch. */
    boolean hasBudget(Collection<ScrapePool> pools) {
        return budget > 0
                || budgetPerJob > 0
                || pools.stream().anyMatch(pool -> pool.seriesBudget().isPresent());
    }

    /** Logs which jobs came to be over their budget, or within it again, since the last time. Used by one thread at a time. */
    void check(List<Job> jobs) {
        long all = 0;
        Set<String> names = new HashSet<>();
        for (Job job : jobs) {
            all += job.series();
            names.add(job.name());
            if (job.isOver()) {
                if (over.add(job.name())) {
                    warn(job.report(NAMED));
                }
            } else if (over.remove(job.name())) {
                LOG.info("job {} is within its budget of {} series again: {}", job.name(), job.budget(), job.series());
            }
        }
        over.retainAll(names);
        boolean nowOver = budget > 0 && all > budget;
        if (nowOver && !allOver) {
            LOG.warn("all jobs together have {} series, more than their budget of {}", all, budget);
        } else if (allOver && !nowOver) {
            LOG.info("all jobs together are within their budget of {} series again: {}", budget, all);
        }
        allOver = nowOver;
    }

    private static void warn(SeriesReport.Job job) {
        StringBuilder most = new StringBuilder();
        for (SeriesReport.Excess excess : job.wouldDrop()) {
            most.append(most.isEmpty() ? "" : ", ")
                    .append(excess.metric())
                    .append(" has ")
                    .append(excess.series());
            if (!excess.label().isEmpty()) {
                most.append(" (")
                        .append(excess.values())
                        .append(" values of ")
                        .append(excess.label())
                        .append(')');
            }
        }
        LOG.warn("job {} has {} series, more than its budget of {}: {}", job.job(), job.series(), job.budget(), most);
    }

    /**
     * What the jobs have.
     *
     * @param only the one to count, or empty for all
     * @param limit how many labels and metrics are named for each
     */
    SeriesReport report(List<Job> jobs, String only, int limit) {
        long all = 0;
        List<SeriesReport.Job> reports = new ArrayList<>();
        for (Job job : jobs) {
            all += job.series();
            if (only.isEmpty() || only.equals(job.name())) {
                reports.add(job.report(limit));
            }
        }
        reports.sort(
                Comparator.comparingLong(SeriesReport.Job::series).reversed().thenComparing(SeriesReport.Job::job));
        return new SeriesReport(all, budget, reports);
    }

    void writeTo(MetricSink sink, List<Job> jobs) {
        sink.gauge(
                "narthex_scrape_series_budget_all",
                "Series that all jobs together should not exceed; 0 for any.",
                (double) budget);
        sink.family("narthex_scrape_series", MetricType.GAUGE, "Series of the last good scrapes of a job.");
        jobs.forEach(job -> sink.sample("narthex_scrape_series", (double) job.series(), "scrape_job", job.name()));
        sink.family(
                "narthex_scrape_series_budget", MetricType.GAUGE, "Series that a job should not exceed; 0 for any.");
        jobs.forEach(
                job -> sink.sample("narthex_scrape_series_budget", (double) job.budget(), "scrape_job", job.name()));
    }
}
