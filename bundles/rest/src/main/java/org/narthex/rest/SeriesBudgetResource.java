package org.narthex.rest;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.scrape.SeriesReport;

/** {@code cardinality}: which jobs have how many series, and which labels make them many. */
@Path("cardinality")
@Produces(MediaType.APPLICATION_JSON)
public final class SeriesBudgetResource {
    private static final int USUAL_LIMIT = 10;

    private final LiveServices services;

    SeriesBudgetResource(LiveServices services) {
        this.services = services;
    }

    /** What {@code cardinality} answers. */
    public record Series(long series, long budget, List<Job> jobs) {}

    /** The series of a job. */
    public record Job(String job, long series, long budget, long over, List<Label> labels, List<Excess> wouldDrop) {
        static Job of(SeriesReport.Job job) {
            return new Job(
                    job.job(),
                    job.series(),
                    job.budget(),
                    job.over(),
                    job.labels().stream()
                            .map(label -> new Label(label.name(), label.values(), label.series()))
                            .toList(),
                    job.wouldDrop().stream()
                            .map(excess ->
                                    new Excess(excess.metric(), excess.series(), excess.label(), excess.values()))
                            .toList());
        }
    }

    /** A label with many values. */
    public record Label(String name, long values, long series) {}

    /** A metric with many series, and the label that makes them many. */
    public record Excess(String metric, long series, String label, long values) {}

    @GET
    public Envelope series(@Context UriInfo uri) {
        return series(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    private Envelope series(ApiParameters parameters) {
        int limit = MetadataResource.number(parameters, "limit");
        SeriesReport report =
                services.scrapeTargets.required().series(parameters.text("job"), limit < 0 ? USUAL_LIMIT : limit);
        return Envelope.of(new Series(
                report.series(),
                report.budget(),
                report.jobs().stream().map(Job::of).toList()));
    }
}
