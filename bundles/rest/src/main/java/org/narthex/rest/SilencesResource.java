package org.narthex.rest;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.alert.Silence;
import org.narthex.api.discovery.Json;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Silences of Alertmanager's API. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class SilencesResource {
    private static final Pattern UUID_TEXT =
            Pattern.compile("(?i)[0-9a-f]{8}(-?)[0-9a-f]{4}(\\1[0-9a-f]{4}){2}\\1[0-9a-f]{12}");
    private static final int UNPROCESSABLE = 422;
    /** The number of such errors in the validation that Alertmanager uses. */
    private static final int INVALID_TYPE = 601;

    /** What is in force by its end, what is to come by its beginning, what is over by its end, the latest first. */
    private static Comparator<Silence> order(long nowMs) {
        List<Silence.State> states = List.of(Silence.State.ACTIVE, Silence.State.PENDING, Silence.State.EXPIRED);
        return Comparator.<Silence>comparingInt(silence -> states.indexOf(silence.state(nowMs)))
                .thenComparingLong(silence -> switch (silence.state(nowMs)) {
                    case ACTIVE -> silence.endsAtMs();
                    case PENDING -> silence.startsAtMs();
                    case EXPIRED -> -silence.endsAtMs();
                });
    }

    private final LiveServices services;
    private final InstantSource clock;

    SilencesResource(LiveServices services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
    }

    @GET
    @Path("silences")
    public StreamedAnswer silences(@Context UriInfo uri) {
        ApiParameters parameters = ApiParameters.of(uri.getRequestUri().getRawQuery());
        List<Matcher> filter = AlertsResource.matchers(parameters, "filter");
        boolean active = AlertsResource.flag(parameters, "active");
        boolean expired = AlertsResource.flag(parameters, "expired");
        boolean pending = AlertsResource.flag(parameters, "pending");
        long nowMs = clock.millis();
        List<Silence> found = AlertsResource.alertmanager(services).silences().stream()
                .filter(silence -> switch (silence.state(nowMs)) {
                    case ACTIVE -> active;
                    case PENDING -> pending;
                    case EXPIRED -> expired;
                })
                .filter(silence -> AlertMatchers.matchAll(filter, values(silence)))
                .sorted(order(nowMs))
                .toList();
        return AlertJson.listOf(found, AlertJson.silence(nowMs));
    }

    /** A silence is found by the values of its matchers, as if they were labels. */
    private static Labels values(Silence silence) {
        Labels.Builder labels = Labels.builder();
        silence.matchers().forEach(matcher -> labels.set(matcher.name(), matcher.value()));
        return labels.build();
    }

    @POST
    @Path("silences")
    public Response post(byte[] body) {
        Silence draft = silence(AlertJson.read(body));
        try {
            String id = AlertsResource.alertmanager(services).put(draft);
            return Response.ok(AlertJson.of(id, (text, json) -> {
                        json.begin();
                        json.key(true, "silenceID").text(text);
                        json.end();
                    }))
                    .build();
        } catch (NoSuchElementException e) {
            throw new ApiException(ErrorType.NOT_FOUND, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, "Failed to create silence: " + e.getMessage());
        }
    }

    private static Silence silence(Json body) {
        if (!body.isMap()) {
            throw new ApiException(ErrorType.BAD_DATA, "a silence must be an object");
        }
        for (String key : new String[] {"matchers", "startsAt", "endsAt", "createdBy", "comment"}) {
            if (!body.get(key).isPresent()) {
                throw new ApiException(ErrorType.BAD_DATA, key + " in body is required");
            }
        }
        if (!body.get("matchers").isList()) {
            throw new ApiException(ErrorType.BAD_DATA, "matchers must be an array");
        }
        List<Matcher> matchers = new ArrayList<>();
        for (Json matcher : body.items("matchers")) {
            if (!matcher.isMap()) {
                throw new ApiException(ErrorType.BAD_DATA, "a matcher must be an object");
            }
            matchers.add(matcher(matcher));
        }
        return new Silence(
                AlertJson.text(body, "id"),
                matchers,
                AlertJson.time(body, "startsAt"),
                AlertJson.time(body, "endsAt"),
                0,
                AlertJson.text(body, "createdBy"),
                AlertJson.text(body, "comment"),
                AlertJson.labels(body, "annotations"));
    }

    private static Matcher matcher(Json matcher) {
        for (String key : new String[] {"name", "value", "isRegex"}) {
            if (!matcher.get(key).isPresent()) {
                throw new ApiException(ErrorType.BAD_DATA, "matchers." + key + " in body is required");
            }
        }
        boolean equal = AlertJson.flag(matcher, "isEqual", true);
        boolean regex = AlertJson.flag(matcher, "isRegex", false);
        Matcher.Type type = regex
                ? equal ? Matcher.Type.REGEX : Matcher.Type.NOT_REGEX
                : equal ? Matcher.Type.EQUAL : Matcher.Type.NOT_EQUAL;
        try {
            return Matcher.of(type, AlertJson.text(matcher, "name"), AlertJson.text(matcher, "value"));
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, "Failed to create silence: " + e.getMessage());
        }
    }

    /** What is no UUID is refused before anybody looks for it, and in the words of the contract's own validation: not by a string alone. */
    private static Optional<Response> refusal(String id) {
        if (UUID_TEXT.matcher(id).matches()) {
            return Optional.empty();
        }
        return Optional.of(Response.status(UNPROCESSABLE)
                .entity(AlertJson.of(id, (text, json) -> {
                    json.begin();
                    json.key(true, "code").number(INVALID_TYPE);
                    json.key(false, "message").text("silenceID in path must be of type uuid: \"" + text + "\"");
                    json.end();
                }))
                .type(MediaType.APPLICATION_JSON)
                .build());
    }

    @GET
    @Path("silence/{id}")
    public Response silence(@PathParam("id") String id) {
        return refusal(id).orElseGet(() -> Response.ok(known(id)).build());
    }

    private StreamedAnswer known(String id) {
        Silence found = AlertsResource.alertmanager(services)
                .silence(id)
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "silence not found"));
        return AlertJson.of(found, AlertJson.silence(clock.millis()));
    }

    @DELETE
    @Path("silence/{id}")
    public Response expire(@PathParam("id") String id) {
        Optional<Response> refusal = refusal(id);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        try {
            AlertsResource.alertmanager(services).expire(id);
            return Response.ok().build();
        } catch (NoSuchElementException e) {
            throw new ApiException(ErrorType.NOT_FOUND, e.getMessage());
        } catch (IllegalArgumentException e) {
            // As Alertmanager has it.
            return AlertmanagerErrors.answer(ErrorType.INTERNAL.status(), e.getMessage());
        }
    }
}
