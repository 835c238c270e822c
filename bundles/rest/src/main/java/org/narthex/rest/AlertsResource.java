package org.narthex.rest;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.Alertmanager.AlertState;
import org.narthex.api.alert.Alertmanager.GroupState;
import org.narthex.api.alert.Alertmanager.PostedAlert;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.discovery.Json;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Regex;

/** Status, receivers, alerts and groups of Alertmanager's API. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AlertsResource {
    /** Nobody is given more memory for the mere promise of a body, in bytes. */
    private static final int MOST_AT_ONCE = 16 << 20;

    private final LiveServices services;
    private final BuildInfo info;
    private final InstantSource clock;
    private final AtomicLong invalid = new AtomicLong();

    AlertsResource(LiveServices services, BuildInfo info, InstantSource clock) {
        this.services = services;
        this.info = info;
        this.clock = clock;
    }

    /** How many alerts were posted that could not be taken. */
    long invalid() {
        return invalid.get();
    }

    /** @throws ApiException if there is none, or it is off */
    static Alertmanager alertmanager(LiveServices services) {
        Alertmanager alertmanager = services.alertmanager.required();
        if (!alertmanager.isOn()) {
            throw new ApiException(
                    ErrorType.NOT_FOUND, "the built-in Alertmanager is off: there is no --alertmanager.config.file");
        }
        return alertmanager;
    }

    /** A condition on alerts from all values of a parameter that holds matchers. */
    static List<Matcher> matchers(ApiParameters parameters, String name) {
        List<Matcher> matchers = new ArrayList<>();
        for (String text : parameters.all(name)) {
            try {
                matchers.addAll(AlertMatchers.parse(text));
            } catch (IllegalArgumentException e) {
                throw new ApiException(ErrorType.BAD_DATA, e.getMessage());
            }
        }
        return matchers;
    }

    static boolean flag(ApiParameters parameters, String name) {
        String text = parameters.text(name);
        return switch (text) {
            case "", "true", "1", "t", "T", "TRUE", "True", "yes", "on" -> true;
            case "false", "0", "f", "F", "FALSE", "False", "no", "off" -> false;
            default ->
                throw new ApiException(
                        ErrorType.BAD_DATA, name + " in query must be of type boolean: \"" + text + "\"");
        };
    }

    @GET
    @Path("status")
    public StreamedAnswer status() {
        Alertmanager alertmanager = alertmanager(services);
        return AlertJson.of(alertmanager, (instance, json) -> {
            json.begin();
            json.key(true, "cluster").begin();
            json.key(true, "status").text("disabled");
            json.key(false, "peers").nothing();
            json.end();
            json.key(false, "config").begin();
            json.key(true, "original").text(instance.config().yaml());
            json.end();
            json.key(false, "uptime").time(instance.startedAtMs());
            json.key(false, "versionInfo").begin();
            json.key(true, "branch").text(info.branch());
            json.key(false, "buildDate").text(info.buildDate());
            json.key(false, "buildUser").text(info.buildUser());
            json.key(false, "goVersion").text(info.goVersion());
            json.key(false, "revision").text(info.revision());
            json.key(false, "version").text(info.version());
            json.end();
            json.end();
        });
    }

    @GET
    @Path("receivers")
    public StreamedAnswer receivers(@Context UriInfo uri) {
        List<Matcher> matchers = matchers(parameters(uri), "receiver_matchers");
        List<Receiver> found = alertmanager(services).config().receivers().values().stream()
                .filter(receiver -> AlertMatchers.matchAll(matchers, receiver.labels()))
                .sorted(Comparator.comparing(Receiver::name, Labels.UTF8_ORDER))
                .toList();
        return AlertJson.listOf(found, (receiver, json) -> {
            json.begin();
            json.key(true, "name").text(receiver.name());
            json.key(false, "labels").labels(receiver.labels());
            json.end();
        });
    }

    private static ApiParameters parameters(UriInfo uri) {
        return ApiParameters.of(uri.getRequestUri().getRawQuery());
    }

    /** Whether an alert is asked for, its receivers aside. */
    private Predicate<AlertState> wanted(ApiParameters parameters) {
        boolean active = flag(parameters, "active");
        boolean silenced = flag(parameters, "silenced");
        boolean inhibited = flag(parameters, "inhibited");
        List<Matcher> filter = matchers(parameters, "filter");
        long nowMs = clock.millis();
        return state -> state.endsAtMs() >= nowMs
                && (active || state.isSuppressed())
                && (silenced || state.silencedBy().isEmpty())
                && (inhibited || state.inhibitedBy().isEmpty())
                && AlertMatchers.matchAll(filter, state.alert().labels());
    }

    /** The names of the receivers that are asked for; found once, for there may be very many alerts. */
    private static Set<String> receivers(ApiParameters parameters, Alertmanager alertmanager) {
        String expression = parameters.text("receiver");
        List<Matcher> matchers = matchers(parameters, "receiver_matchers");
        Regex regex;
        try {
            regex = Regex.compile(expression.isEmpty() ? ".*" : expression);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, "failed to parse receiver param: " + e.getMessage());
        }
        return alertmanager.config().receivers().values().stream()
                .filter(each -> regex.matches(each.name()) && AlertMatchers.matchAll(matchers, each.labels()))
                .map(Receiver::name)
                .collect(Collectors.toSet());
    }

    @GET
    @Path("alerts")
    public StreamedAnswer alerts(@Context UriInfo uri) {
        ApiParameters parameters = parameters(uri);
        Alertmanager alertmanager = alertmanager(services);
        Predicate<AlertState> wanted = wanted(parameters);
        Set<String> receivers = receivers(parameters, alertmanager);
        // None is unprocessed: what becomes of an alert is found out when it is asked for.
        flag(parameters, "unprocessed");
        List<AlertState> found = new ArrayList<>();
        for (AlertState state : alertmanager.alerts()) {
            if (wanted.test(state) && !Collections.disjoint(state.receivers(), receivers)) {
                found.add(state);
            }
        }
        return AlertJson.listOf(found, AlertJson::alert);
    }

    @GET
    @Path("alerts/groups")
    public StreamedAnswer groups(@Context UriInfo uri) {
        ApiParameters parameters = parameters(uri);
        Alertmanager alertmanager = alertmanager(services);
        Predicate<AlertState> wanted = wanted(parameters);
        Set<String> receivers = receivers(parameters, alertmanager);
        boolean muted = flag(parameters, "muted");
        List<GroupState> found = new ArrayList<>();
        for (GroupState group : alertmanager.groups()) {
            if (!receivers.contains(group.receiver())) {
                continue;
            }
            List<AlertState> alerts = new ArrayList<>();
            for (AlertState state : group.alerts()) {
                if (wanted.test(state) && (muted || state.mutedBy().isEmpty())) {
                    alerts.add(state);
                }
            }
            if (!alerts.isEmpty()) {
                found.add(new GroupState(group.receiver(), group.labels(), group.routeLabels(), alerts));
            }
        }
        found.sort(Comparator.comparing(GroupState::labels).thenComparing(GroupState::receiver, Labels.UTF8_ORDER));
        return AlertJson.listOf(found, AlertJson::group);
    }

    /** Takes those that are valid even if others are not. */
    @POST
    @Path("alerts")
    public Response post(InputStream body, @HeaderParam(HttpHeaders.CONTENT_LENGTH) int length) {
        Alertmanager alertmanager = alertmanager(services);
        List<PostedAlert> good = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        Json alerts = AlertJson.read(bytes(body, length));
        if (!alerts.isList()) {
            throw new ApiException(ErrorType.BAD_DATA, "the body must be an array of alerts");
        }
        for (Json each : alerts.items()) {
            try {
                good.add(posted(each));
            } catch (ApiException e) {
                wrong.add(e.getMessage());
            }
        }
        invalid.addAndGet(wrong.size());
        if (!good.isEmpty()) {
            alertmanager.post(good);
        }
        return wrong.isEmpty()
                ? Response.ok().build()
                : AlertmanagerErrors.answer(ErrorType.BAD_DATA.status(), String.join("; ", wrong));
    }

    /** There may be very many alerts in one body: it is read at once where its length is known. */
    private static byte[] bytes(InputStream body, int length) {
        try {
            if (length <= 0 || length > MOST_AT_ONCE) {
                return body.readAllBytes();
            }
            byte[] bytes = new byte[length];
            int read = body.readNBytes(bytes, 0, length);
            return read == length ? bytes : Arrays.copyOf(bytes, read);
        } catch (IOException e) {
            throw new ApiException(ErrorType.BAD_DATA, "reading the body failed: " + e.getMessage(), e);
        }
    }

    private static PostedAlert posted(Json alert) {
        if (!alert.isMap()) {
            throw new ApiException(ErrorType.BAD_DATA, "an alert must be an object");
        }
        Labels labels = AlertJson.labels(alert, "labels");
        if (labels.isEmpty()) {
            throw new ApiException(ErrorType.BAD_DATA, "at least one label pair required");
        }
        if (labels.has("")) {
            throw new ApiException(ErrorType.BAD_DATA, "invalid label set: invalid name \"\"");
        }
        long startsAtMs = AlertJson.time(alert, "startsAt");
        long endsAtMs = AlertJson.time(alert, "endsAt");
        if (startsAtMs != 0 && endsAtMs != 0 && endsAtMs < startsAtMs) {
            throw new ApiException(ErrorType.BAD_DATA, "start time must be before end time");
        }
        return new PostedAlert(
                labels,
                AlertJson.labels(alert, "annotations"),
                startsAtMs,
                endsAtMs,
                AlertJson.text(alert, "generatorURL"));
    }
}
