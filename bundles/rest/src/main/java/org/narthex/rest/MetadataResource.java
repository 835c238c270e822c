package org.narthex.rest;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.storage.ExemplarSeries;

/** {@code metadata} and {@code query_exemplars}: what the storage keeps beside samples. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class MetadataResource {
    private final LiveServices services;

    MetadataResource(LiveServices services) {
        this.services = services;
    }

    /** What is known about one metric family. */
    public record Family(String type, String unit, String help) {}

    /** The exemplars of one series. */
    public record Series(Map<String, String> seriesLabels, List<Exemplar> exemplars) {}

    /** One exemplar; the time in seconds since the epoch. */
    public record Exemplar(Map<String, String> labels, String value, BigDecimal timestamp) {}

    @GET
    @Path("metadata")
    public Envelope metadata(@Context UriInfo uri) {
        return metadata(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @GET
    @Path("query_exemplars")
    public Object queryExemplars(@Context UriInfo uri) {
        return exemplars(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("query_exemplars")
    @Consumes("*/*")
    public Object queryExemplars(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return exemplars(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    private Envelope metadata(ApiParameters parameters) {
        int limit = number(parameters, "limit");
        int perMetric = number(parameters, "limit_per_metric");
        Map<String, List<Metadata>> known = new TreeMap<>(Labels.UTF8_ORDER);
        String metric = parameters.text("metric");
        for (ScrapeTargets.TargetMetadata said :
                services.scrapeTargets.required().metadata(metric)) {
            add(known, said.metric(), said.metadata());
        }
        services.storage.get().ifPresent(storage -> storage.metadata(metric)
                .forEach((name, families) -> families.forEach(family -> add(known, name, family))));
        Map<String, List<Family>> answer = new LinkedHashMap<>();
        for (Map.Entry<String, List<Metadata>> entry : known.entrySet()) {
            if (limit >= 0 && answer.size() >= limit) {
                break;
            }
            List<Family> families = entry.getValue().stream()
                    .map(family -> new Family(family.type().word(), family.unit(), family.help()))
                    .limit(perMetric > 0 ? perMetric : Long.MAX_VALUE)
                    .toList();
            answer.put(entry.getKey(), families);
        }
        return Envelope.of(answer);
    }

    private static void add(Map<String, List<Metadata>> known, String metric, Metadata metadata) {
        List<Metadata> families = known.computeIfAbsent(metric, name -> new ArrayList<>());
        if (!families.contains(metadata)) {
            families.add(metadata);
        }
    }

    /** A number, or -1 if it is not given. */
    static int number(ApiParameters parameters, String name) {
        String text = parameters.text(name);
        try {
            return text.isEmpty() ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorType.BAD_DATA, name + " must be a number");
        }
    }

    private Object exemplars(ApiParameters parameters) {
        long startMs = parameters.time("start", ApiTime.MIN_MS);
        long endMs = parameters.time("end", ApiTime.MAX_MS);
        if (endMs < startMs) {
            throw ApiException.badParameter("end", "end timestamp must not be before start timestamp");
        }
        try {
            List<List<Matcher>> selectors = services.queryEngine.required().selectors(parameters.text("query"));
            if (selectors.isEmpty()) {
                return Response.noContent().build();
            }
            return Envelope.of(services.storage.required().exemplars(selectors, startMs, endMs).stream()
                    .map(MetadataResource::series)
                    .toList());
        } catch (QueryException e) {
            throw ApiException.of(e);
        } catch (IOException e) {
            throw ApiException.of(e);
        }
    }

    private static Series series(ExemplarSeries series) {
        return new Series(
                series.series().toMap(),
                series.exemplars().stream()
                        .map(exemplar -> new Exemplar(
                                exemplar.labels().toMap(),
                                SampleValue.format(exemplar.value()),
                                ApiTime.seconds(exemplar.timestampMs())))
                        .toList());
    }
}
