package org.narthex.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Storage;

/** {@code admin/tsdb/…}, only with {@code --web.enable-admin-api}: deletes series, gives back their room, takes snapshots. */
@Path("/admin/tsdb")
@Produces(MediaType.APPLICATION_JSON)
public final class AdminResource {
    private static final DateTimeFormatter SNAPSHOT_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final LiveServices services;
    private final boolean enabled;
    private final java.nio.file.Path snapshots;
    private final InstantSource clock;
    private final Random random = new SecureRandom();

    /** @param dataFolder the storage's, in which snapshots are made */
    AdminResource(LiveServices services, boolean enabled, java.nio.file.Path dataFolder, InstantSource clock) {
        this.services = services;
        this.enabled = enabled;
        this.snapshots = dataFolder.resolve("snapshots");
        this.clock = clock;
    }

    /** What {@code admin/tsdb/snapshot} answers: the folder's name below {@code snapshots} in the data folder. */
    public record Snapshot(String name) {}

    @POST
    @Path("delete_series")
    @Consumes("*/*")
    public Response deleteSeries(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return delete(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    @PUT
    @Path("delete_series")
    @Consumes("*/*")
    public Response putDeleteSeries(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return deleteSeries(uri, contentType, body);
    }

    @POST
    @Path("clean_tombstones")
    public Response cleanTombstones() {
        try {
            storage().cleanTombstones();
        } catch (IOException e) {
            throw ApiException.of(e);
        }
        return Response.noContent().build();
    }

    @PUT
    @Path("clean_tombstones")
    public Response putCleanTombstones() {
        return cleanTombstones();
    }

    @POST
    @Path("snapshot")
    @Consumes("*/*")
    public Envelope snapshot(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return snapshot(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    @PUT
    @Path("snapshot")
    @Consumes("*/*")
    public Envelope putSnapshot(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return snapshot(uri, contentType, body);
    }

    private Storage storage() {
        if (!enabled) {
            throw new ApiException(ErrorType.DISABLED, "admin APIs disabled");
        }
        return services.storage.required();
    }

    private Response delete(ApiParameters parameters) {
        Storage storage = storage();
        if (parameters.all("match[]").isEmpty()) {
            throw new ApiException(ErrorType.BAD_DATA, "no match[] parameter provided");
        }
        long startMs = parameters.time("start", ApiTime.MIN_MS);
        long endMs = parameters.time("end", ApiTime.MAX_MS);
        // All are read before the first one deletes anything.
        List<List<Matcher>> selectors = SeriesResource.selectors(services, parameters);
        try {
            for (List<Matcher> matchers : selectors) {
                storage.delete(matchers, startMs, endMs);
            }
        } catch (IOException e) {
            throw ApiException.of(e);
        }
        return Response.noContent().build();
    }

    private Envelope snapshot(ApiParameters parameters) {
        Storage storage = storage();
        if (parameters.flag("skip_head")) {
            throw ApiException.badParameter("skip_head", "snapshots always include the newest samples");
        }
        Instant now = clock.instant();
        String name = SNAPSHOT_TIME.format(now) + "-" + String.format("%016x", random.nextLong());
        try {
            Files.createDirectories(snapshots);
            storage.snapshot(snapshots.resolve(name));
        } catch (IOException e) {
            throw ApiException.of(e);
        } catch (UnsupportedOperationException e) {
            throw new ApiException(ErrorType.EXECUTION, "no snapshot: " + e.getMessage());
        }
        return Envelope.of(new Snapshot(name));
    }
}
