package org.narthex.rest;

import java.io.InputStream;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.alert.AlertDesk;
import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.alert.AlertDesk.Event;
import org.narthex.api.alert.AlertDesk.RecurringSilence;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.TimeInterval;
import org.narthex.api.config.TimeInterval.Range;
import org.narthex.api.model.Matcher;

/** {@code alertdesk/…}: what people do about alerts, and what became of them. Takes forms, answers like the rest of the API. */
@Path("/alertdesk")
@Produces(MediaType.APPLICATION_JSON)
public final class AlertDeskResource {
    private static final int MINUTES_OF_DAY = 24 * 60;
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    private final LiveServices services;
    private final InstantSource clock;

    AlertDeskResource(LiveServices services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
    }

    /** An acknowledgement. */
    public record Acknowledged(
            Map<String, String> labels, String by, String comment, String at, String until, double resolveAfter) {
        static Acknowledged of(Acknowledgement of) {
            return new Acknowledged(
                    of.labels().toMap(),
                    of.by(),
                    of.comment(),
                    ApiTime.format(of.atMs()),
                    ApiTime.format(of.untilMs()),
                    of.resolveAfterMs() / 1000.0);
        }
    }

    /** How many alerts were concerned. */
    public record Count(int alerts) {}

    /** Ids of silences that were made. */
    public record Ids(List<String> silenceIDs) {}

    /** An entry of the history. */
    public record Entry(
            long id,
            String at,
            String kind,
            String subject,
            Map<String, String> labels,
            String who,
            String receiver,
            String text) {
        static Entry of(Event of) {
            return new Entry(
                    of.id(),
                    ApiTime.format(of.atMs()),
                    of.kind().name().toLowerCase(Locale.ROOT),
                    of.subject(),
                    of.labels().toMap(),
                    of.who(),
                    of.receiver(),
                    of.text());
        }
    }

    /** A recurring silence, its times as they were given. */
    public record Recurring(
            String id,
            List<String> matchers,
            List<String> times,
            List<String> weekdays,
            String location,
            String by,
            String comment) {
        static Recurring of(RecurringSilence of) {
            return new Recurring(
                    of.id(),
                    of.matchers().stream().map(AlertMatchers::format).toList(),
                    of.when().times().stream().map(Recurring::time).toList(),
                    of.when().weekdays().stream().map(Recurring::weekdays).toList(),
                    of.when().location().getId(),
                    of.by(),
                    of.comment());
        }

        private static String time(Range range) {
            return String.format(
                    Locale.ROOT,
                    "%02d:%02d-%02d:%02d",
                    range.start() / 60,
                    range.start() % 60,
                    range.end() / 60,
                    range.end() % 60);
        }

        private static String weekdays(Range range) {
            return name(range.start()) + (range.start() == range.end() ? "" : ":" + name(range.end()));
        }

        private static String name(int day) {
            return DayOfWeek.of(day == 0 ? 7 : day).name().toLowerCase(Locale.ROOT);
        }
    }

    private AlertDesk desk() {
        AlertsResource.alertmanager(services);
        return services.alertDesk.required();
    }

    private static <T> Envelope answer(Supplier<T> code) {
        try {
            return Envelope.of(code.get());
        } catch (NoSuchElementException e) {
            throw new ApiException(ErrorType.NOT_FOUND, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, e.getMessage());
        }
    }

    /** Matchers, of which there must be at least one: nobody means all alerts by saying nothing. */
    private static List<Matcher> which(ApiParameters form) {
        List<Matcher> which = AlertsResource.matchers(form, "filter");
        if (which.isEmpty()) {
            throw ApiException.badParameter("filter", "at least one matcher is needed, e.g. alertname=\"Down\"");
        }
        return which;
    }

    private static String by(ApiParameters form) {
        String by = form.text("by");
        if (by.isBlank()) {
            throw ApiException.badParameter("by", "say who you are");
        }
        return by;
    }

    private long until(ApiParameters form) {
        long durationMs = form.duration("duration");
        if (durationMs <= 0) {
            throw ApiException.badParameter("duration", "must be more than 0");
        }
        return clock.millis() + durationMs;
    }

    @GET
    @Path("acknowledgements")
    public Envelope acknowledgements() {
        return answer(
                () -> desk().acknowledgements().stream().map(Acknowledged::of).toList());
    }

    @POST
    @Path("acknowledge")
    @Consumes("*/*")
    public Envelope acknowledge(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        return answer(() -> desk()
                .acknowledge(
                        which(form),
                        by(form),
                        form.text("comment"),
                        until(form),
                        form.optionalDuration("resolve_after"))
                .stream()
                .map(Acknowledged::of)
                .toList());
    }

    @POST
    @Path("unacknowledge")
    @Consumes("*/*")
    public Envelope unacknowledge(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        return answer(() -> new Count(desk().unacknowledge(which(form), by(form))));
    }

    @POST
    @Path("snooze")
    @Consumes("*/*")
    public Envelope snooze(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        return answer(() -> new Ids(desk().snooze(which(form), by(form), form.text("comment"), until(form))));
    }

    @POST
    @Path("end")
    @Consumes("*/*")
    public Envelope end(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        return answer(() -> new Count(desk().end(which(form), by(form), form.text("comment"))));
    }

    @GET
    @Path("history")
    public Envelope history(@Context UriInfo uri) {
        ApiParameters parameters = ApiParameters.of(uri.getRequestUri().getRawQuery());
        int limit = parameters.text("limit").isEmpty() ? DEFAULT_LIMIT : parameters.limit("limit");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ApiException.badParameter("limit", "limit must be between 1 and " + MAX_LIMIT);
        }
        return answer(() -> desk()
                .history(
                        parameters.text("subject"),
                        AlertsResource.matchers(parameters, "filter"),
                        parameters.time("start", 0),
                        parameters.time("end", Long.MAX_VALUE),
                        limit)
                .stream()
                .map(Entry::of)
                .toList());
    }

    @GET
    @Path("recurring")
    public Envelope recurring() {
        return answer(
                () -> desk().recurringSilences().stream().map(Recurring::of).toList());
    }

    @POST
    @Path("recurring")
    @Consumes("*/*")
    public Envelope putRecurring(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        TimeInterval when = when(form);
        return answer(() -> new Ids(List.of(desk().put(new RecurringSilence(
                form.text("id"), which(form), when, by(form), form.text("comment"), clock.millis())))));
    }

    @POST
    @Path("recurring/remove")
    @Consumes("*/*")
    public Envelope removeRecurring(
            @Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        ApiParameters form = ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body);
        return answer(() -> {
            desk().removeRecurring(form.text("id"), by(form));
            return new Ids(List.of());
        });
    }

    /** {@code times} such as {@code 22:00-24:00}, {@code weekdays} such as {@code monday:friday}; both may repeat. */
    private static TimeInterval when(ApiParameters form) {
        try {
            List<Range> times = new ArrayList<>();
            for (String text : form.all("times")) {
                int dash = text.indexOf('-');
                int start = minute(text.substring(0, Math.max(0, dash)));
                int end = minute(text.substring(dash + 1));
                if (start >= end) {
                    throw new IllegalArgumentException("the start of " + text + " is not before its end");
                }
                times.add(new Range(start, end));
            }
            List<Range> weekdays = new ArrayList<>();
            for (String text : form.all("weekdays")) {
                int colon = text.indexOf(':');
                int start = weekday(colon < 0 ? text : text.substring(0, colon));
                int end = weekday(text.substring(colon + 1));
                if (start > end) {
                    throw new IllegalArgumentException(
                            "the start of " + text + " is after its end; sunday is the first");
                }
                weekdays.add(new Range(start, end));
            }
            if (times.isEmpty() && weekdays.isEmpty()) {
                throw new IllegalArgumentException("times or weekdays must be given");
            }
            String location = form.text("location");
            return new TimeInterval(
                    times, weekdays, List.of(), List.of(), List.of(), ZoneId.of(location.isEmpty() ? "UTC" : location));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_DATA, "no such recurring time: " + e.getMessage());
        }
    }

    private static int minute(String text) {
        if (text.equals("24:00")) {
            return MINUTES_OF_DAY;
        }
        LocalTime time = LocalTime.parse(text);
        return time.getHour() * 60 + time.getMinute();
    }

    private static int weekday(String text) {
        return DayOfWeek.valueOf(text.toUpperCase(Locale.ROOT)).getValue() % 7;
    }
}
