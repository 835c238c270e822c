package org.narthex.rest;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.query.PlanNode;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;

/** {@code query}, {@code query_range} and {@code format_query}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class QueryResource {
    private static final long MAX_POINTS = 11_000;

    private final LiveServices services;
    private final InstantSource clock;

    QueryResource(LiveServices services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
    }

    @GET
    @Path("query")
    public Object query(@Context UriInfo uri, @Context HttpServletRequest client) {
        return query(ApiParameters.of(uri.getRequestUri().getRawQuery()), origin(client));
    }

    @POST
    @Path("query")
    @Consumes("*/*")
    public Object query(
            @Context UriInfo uri,
            @Context HttpServletRequest client,
            @HeaderParam("Content-Type") String contentType,
            InputStream body) {
        return query(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body), origin(client));
    }

    @GET
    @Path("query_range")
    public Object queryRange(@Context UriInfo uri, @Context HttpServletRequest client) {
        return queryRange(ApiParameters.of(uri.getRequestUri().getRawQuery()), origin(client));
    }

    @POST
    @Path("query_range")
    @Consumes("*/*")
    public Object queryRange(
            @Context UriInfo uri,
            @Context HttpServletRequest client,
            @HeaderParam("Content-Type") String contentType,
            InputStream body) {
        return queryRange(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body), origin(client));
    }

    @GET
    @Path("format_query")
    public Object formatQuery(@Context UriInfo uri) {
        return formatQuery(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("format_query")
    @Consumes("*/*")
    public Object formatQuery(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return formatQuery(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    /** Who asks, for the query log; nothing outside of a servlet container, where {@code client} is null. */
    private static Map<String, String> origin(HttpServletRequest client) {
        if (client == null) {
            return Map.of();
        }
        return Map.of(
                "httpRequest.clientIP", client.getRemoteAddr(),
                "httpRequest.method", client.getMethod(),
                "httpRequest.path", client.getRequestURI());
    }

    Object query(ApiParameters parameters) {
        return query(parameters, Map.of());
    }

    Object queryRange(ApiParameters parameters) {
        return queryRange(parameters, Map.of());
    }

    private Object query(ApiParameters parameters, Map<String, String> origin) {
        int limit = parameters.limit("limit");
        long timeMs = parameters.time("time", clock.millis());
        return answer(parameters, timeMs, timeMs, 0, limit, origin);
    }

    private Object queryRange(ApiParameters parameters, Map<String, String> origin) {
        int limit = parameters.limit("limit");
        long startMs = parameters.time("start");
        long endMs = parameters.time("end");
        if (endMs < startMs) {
            throw ApiException.badParameter("end", "end timestamp must not be before start time");
        }
        long stepMs = parameters.duration("step");
        if (stepMs <= 0) {
            throw ApiException.badParameter(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        long spanMs = endMs - startMs;
        // The widest spans do not fit and turn negative.
        if (spanMs < 0 || spanMs / stepMs > MAX_POINTS) {
            throw new ApiException(
                    ErrorType.BAD_DATA,
                    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        }
        return answer(parameters, startMs, endMs, stepMs, limit, origin);
    }

    Envelope formatQuery(ApiParameters parameters) {
        try {
            return Envelope.of(services.queryEngine.required().check(parameters.text("query")));
        } catch (QueryException e) {
            throw asApiException(e);
        }
    }

    private Object answer(
            ApiParameters parameters, long startMs, long endMs, long stepMs, int limit, Map<String, String> origin) {
        QueryRequest request = new QueryRequest(
                parameters.text("query"),
                startMs,
                endMs,
                stepMs,
                positive(parameters, "timeout"),
                positive(parameters, "lookback_delta"),
                new AtomicBoolean(),
                detail(parameters),
                origin);
        try {
            if (parameters.text("explain").equals("true")) {
                PlanNode plan = services.queryEngine.required().explain(request);
                return Envelope.of(Map.of("plan", PlanJson.of(plan)));
            }
            QueryResult result = services.queryEngine.required().query(request);
            return new QueryAnswer(
                    limited(result, limit), !parameters.text("stats").isEmpty(), request);
        } catch (QueryException e) {
            throw asApiException(e);
        }
    }

    private static QueryRequest.Detail detail(ApiParameters parameters) {
        if (parameters.text("analyze").equals("true")) {
            return QueryRequest.Detail.PLAN;
        }
        return parameters.text("stats").equals("all") ? QueryRequest.Detail.STEPS : QueryRequest.Detail.TOTAL;
    }

    private static long positive(ApiParameters parameters, String name) {
        return Math.max(0, parameters.optionalDuration(name));
    }

    private static QueryResult limited(QueryResult result, int limit) {
        QueryValue cut = null;
        if (limit == 0) {
            return result;
        } else if (result.value() instanceof QueryValue.InstantVector vector
                && vector.metrics().size() > limit) {
            cut = new QueryValue.InstantVector(
                    vector.timestampMs(),
                    vector.metrics().subList(0, limit),
                    Arrays.copyOf(vector.values(), limit),
                    Arrays.copyOf(vector.histograms(), vector.histograms().length == 0 ? 0 : limit));
        } else if (result.value() instanceof QueryValue.RangeVector matrix
                && matrix.series().size() > limit) {
            cut = new QueryValue.RangeVector(matrix.series().subList(0, limit));
        }
        if (cut == null) {
            return result;
        }
        List<String> warnings = new ArrayList<>(result.warnings());
        warnings.add(Envelope.TRUNCATED);
        return new QueryResult(cut, warnings, result.infos(), result.statistics(), result.plan());
    }

    static ApiException asApiException(QueryException e) {
        return switch (e.kind()) {
            case BAD_DATA -> ApiException.badParameter("query", e.getMessage());
            case EXECUTION -> new ApiException(ErrorType.EXECUTION, e.getMessage());
            case TIMEOUT -> new ApiException(ErrorType.TIMEOUT, e.getMessage());
            case CANCELED -> new ApiException(ErrorType.CANCELED, e.getMessage());
            case INTERNAL -> new ApiException(ErrorType.INTERNAL, e.getMessage(), e);
            case UNAVAILABLE -> new ApiException(ErrorType.UNAVAILABLE, e.getMessage());
        };
    }
}
