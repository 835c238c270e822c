package org.narthex.rest;

import java.util.List;
import java.util.Map;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.RunningQuery;

/** {@code status/queries}: the queries that run or wait, and an end to any of them. */
@Path("/status/queries")
@Produces(MediaType.APPLICATION_JSON)
public final class QueriesResource {
    private final LiveServices services;

    QueriesResource(LiveServices services) {
        this.services = services;
    }

    /**
     * A running query as it is shown. Times are RFC 3339, {@code stepSeconds} is 0 for an instant query.
     *
     * @param state {@code running} or {@code waiting}
     */
    public record Shown(
            long id,
            String query,
            String start,
            String end,
            double stepSeconds,
            String since,
            String state,
            long samples,
            long bytes,
            Map<String, String> origin) {
        static Shown of(RunningQuery running) {
            QueryRequest request = running.request();
            return new Shown(
                    running.id(),
                    request.expression(),
                    ApiTime.format(request.startMs()),
                    ApiTime.format(request.endMs()),
                    request.stepMs() / 1000.0,
                    ApiTime.format(running.beganMs()),
                    running.waiting() ? "waiting" : "running",
                    running.samples(),
                    running.bytes(),
                    request.origin());
        }
    }

    @GET
    public Envelope queries() {
        List<Shown> shown = services.queryEngine.required().running().stream()
                .map(Shown::of)
                .toList();
        return Envelope.of(shown);
    }

    @DELETE
    @Path("{id}")
    public Response cancel(@PathParam("id") String id) {
        if (!id.matches("\\d{1,18}")) {
            throw ApiException.badParameter("id", "\"" + id + "\" is no number of a query");
        }
        if (!services.queryEngine.required().cancel(Long.parseLong(id))) {
            throw new ApiException(ErrorType.NOT_FOUND, "there is no query " + id + ": it may have ended");
        }
        return Response.noContent().build();
    }
}
