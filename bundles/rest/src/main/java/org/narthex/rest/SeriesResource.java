package org.narthex.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SeriesSet;

/** {@code series}, {@code labels} and {@code label/…/values}: what the storage knows, without samples. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class SeriesResource {
    private final LiveServices services;

    SeriesResource(LiveServices services) {
        this.services = services;
    }

    @GET
    @Path("series")
    public Object series(@Context UriInfo uri) {
        return series(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("series")
    @Consumes("*/*")
    public Object series(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return series(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    @GET
    @Path("labels")
    public Object labels(@Context UriInfo uri) {
        return labels(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("labels")
    @Consumes("*/*")
    public Object labels(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return labels(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    @GET
    @Path("label/{name}/values")
    public Object labelValues(@PathParam("name") String name, @Context UriInfo uri) {
        return labelValues(name, ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    Envelope series(ApiParameters parameters) {
        int limit = parameters.limit("limit");
        if (parameters.all("match[]").isEmpty()) {
            throw new ApiException(ErrorType.BAD_DATA, "no match[] parameter provided");
        }
        List<List<Matcher>> selectors = selectors(parameters);
        return read(parameters, querier -> Envelope.limited(found(querier, selectors, limit), limit));
    }

    private static List<Map<String, String>> found(Querier querier, List<List<Matcher>> selectors, int limit)
            throws IOException {
        TreeSet<Labels> union = new TreeSet<>();
        for (List<Matcher> matchers : selectors) {
            SeriesSet set = querier.select(matchers);
            // Sets are sorted, so no label set beyond the limit of one of them can be within that of the union.
            int n = limit == 0 ? set.size() : Math.min(set.size(), limit + 1);
            for (int i = 0; i < n; i++) {
                union.add(set.labels(i));
            }
        }
        List<Map<String, String>> found = new ArrayList<>(union.size());
        for (Labels labels : union) {
            found.add(labels.toMap());
        }
        return found;
    }

    Envelope labels(ApiParameters parameters) {
        int limit = parameters.limit("limit");
        return union(parameters, limit, (querier, matchers) -> querier.labelNames(matchers, oneMore(limit)));
    }

    Envelope labelValues(String nameOrEscaped, ApiParameters parameters) {
        int limit = parameters.limit("limit");
        String name = EscapedName.unescape(nameOrEscaped);
        if (name.isEmpty()) {
            throw new ApiException(ErrorType.BAD_DATA, "invalid label name: \"" + name + "\"");
        }
        return union(parameters, limit, (querier, matchers) -> querier.labelValues(name, matchers, oneMore(limit)));
    }

    /** One more than asked for tells whether there are more. */
    private static int oneMore(int limit) {
        return limit == 0 ? 0 : limit + 1;
    }

    private Envelope union(ApiParameters parameters, int limit, Lookup lookup) {
        List<List<Matcher>> selectors = selectors(parameters);
        return read(parameters, querier -> {
            if (selectors.size() <= 1) {
                return Envelope.limited(
                        lookup.find(querier, selectors.isEmpty() ? List.of() : selectors.get(0)), limit);
            }
            TreeSet<String> union = new TreeSet<>(Labels.UTF8_ORDER);
            for (List<Matcher> matchers : selectors) {
                union.addAll(lookup.find(querier, matchers));
            }
            return Envelope.limited(new ArrayList<>(union), limit);
        });
    }

    private List<List<Matcher>> selectors(ApiParameters parameters) {
        return selectors(services, parameters);
    }

    /** The {@code match[]} parameters, each with a matcher that does not match the empty value. */
    static List<List<Matcher>> selectors(LiveServices services, ApiParameters parameters) {
        List<String> texts = parameters.all("match[]");
        if (texts.isEmpty()) {
            return List.of();
        }
        QueryEngine engine = services.queryEngine.required();
        List<List<Matcher>> selectors = new ArrayList<>(texts.size());
        for (String text : texts) {
            try {
                List<Matcher> matchers = engine.parseSelector(text);
                if (matchers.stream().allMatch(Matcher::matchesEmpty)) {
                    throw ApiException.badParameter("match[]", "match[] must contain at least one non-empty matcher");
                }
                selectors.add(matchers);
            } catch (QueryException e) {
                throw e.kind() == QueryException.Kind.BAD_DATA
                        ? ApiException.badParameter("match[]", e.getMessage())
                        : ApiException.of(e);
            }
        }
        return selectors;
    }

    private Envelope read(ApiParameters parameters, Reading reading) {
        long startMs = parameters.time("start", ApiTime.MIN_MS);
        long endMs = parameters.time("end", ApiTime.MAX_MS);
        try (Querier querier = services.storage.required().querier(startMs, endMs)) {
            return reading.read(querier);
        } catch (IOException e) {
            throw ApiException.of(e);
        }
    }

    private interface Reading {
        Envelope read(Querier querier) throws IOException;
    }

    private interface Lookup {
        List<String> find(Querier querier, List<Matcher> matchers) throws IOException;
    }
}
