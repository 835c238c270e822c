package org.narthex.rest;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.alert.RuleTimeMachine;
import org.narthex.api.alert.RuleTimeMachine.Episode;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.query.QueryException;

/** {@code rules/preview} and {@code rules/backfill}: rules in the past. Back-filling writes, so it needs {@code --web.enable-admin-api}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class RuleTimeMachineResource {
    private static final long DEFAULT_STEP_MS = 60_000;

    private final LiveServices services;
    private final boolean mayWrite;
    private final InstantSource clock;

    RuleTimeMachineResource(LiveServices services, boolean mayWrite, InstantSource clock) {
        this.services = services;
        this.mayWrite = mayWrite;
        this.clock = clock;
    }

    /** What {@code preview} answers. */
    public record Preview(int fired, List<Alert> alerts) {}

    /** An alert that would have been; times are null where it did not come to that. */
    public record Alert(
            Map<String, String> labels,
            Map<String, String> annotations,
            String activeAt,
            String firedAt,
            String endedAt) {
        static Alert of(Episode episode) {
            return new Alert(
                    episode.labels().toMap(),
                    episode.annotations().toMap(),
                    ApiTime.format(episode.activeAtMs()),
                    orNull(episode.firedAtMs()),
                    orNull(episode.endedAtMs()));
        }

        private static String orNull(long timeMs) {
            return timeMs == 0 ? null : ApiTime.format(timeMs);
        }
    }

    @GET
    @Path("rules/preview")
    public Envelope preview(@Context UriInfo uri) {
        return preview(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("rules/preview")
    @Consumes("*/*")
    public Envelope previewForm(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return preview(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    private Envelope preview(ApiParameters parameters) {
        String expression = parameters.text("expr");
        if (expression.isEmpty()) {
            throw ApiException.badParameter("expr", "the expression of the rule is needed");
        }
        String name = parameters.text("alert");
        RuleGroup.Rule rule = new RuleGroup.Rule(
                RuleGroup.Kind.ALERTING,
                name.isEmpty() ? "Preview" : name,
                expression,
                1,
                parameters.optionalDuration("for"),
                parameters.optionalDuration("keep_firing_for"),
                pairs(parameters, "label"),
                pairs(parameters, "annotation"));
        long stepMs = parameters.text("step").isEmpty() ? DEFAULT_STEP_MS : parameters.duration("step");
        try {
            List<Episode> episodes = services.ruleTimeMachine
                    .required()
                    .preview(rule, parameters.time("start"), parameters.time("end", clock.millis()), stepMs);
            int fired = (int) episodes.stream()
                    .filter(episode -> episode.firedAtMs() != 0)
                    .count();
            return Envelope.of(
                    new Preview(fired, episodes.stream().map(Alert::of).toList()));
        } catch (QueryException e) {
            throw ApiException.of(e);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, e.getMessage());
        }
    }

    /** {@code name=value}, repeated. */
    private static Map<String, String> pairs(ApiParameters parameters, String key) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : parameters.all(key)) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw ApiException.badParameter(key, "expected name=value, found \"" + text + "\"");
            }
            pairs.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return pairs;
    }

    @POST
    @Path("rules/backfill")
    @Consumes("*/*")
    public Envelope backfill(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        if (!mayWrite) {
            throw new ApiException(ErrorType.UNAVAILABLE, "admin APIs disabled");
        }
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        try {
            RuleTimeMachine machine = services.ruleTimeMachine.required();
            return Envelope.of(machine.backfill(
                    form.text("file"),
                    form.text("group"),
                    form.text("rule"),
                    form.time("start"),
                    form.time("end", clock.millis())));
        } catch (NoSuchElementException e) {
            throw new ApiException(ErrorType.NOT_FOUND, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, e.getMessage());
        }
    }
}
