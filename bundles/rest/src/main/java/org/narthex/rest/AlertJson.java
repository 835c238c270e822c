package org.narthex.rest;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Alertmanager.AlertState;
import org.narthex.api.alert.Alertmanager.GroupState;
import org.narthex.api.alert.Silence;
import org.narthex.api.discovery.Json;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** What Alertmanager's API, version 2, answers and takes. */
final class AlertJson {
    private static final long DAY_MS = 86_400_000;
    /** A power of two. */
    private static final int DATES = 16;

    private record ReadTime(String text, long ms) {}

    /** Thousands of alerts that come together mostly have the same. */
    private static volatile ReadTime lastRead = new ReadTime("", 0);

    /** Writes a part of an answer. */
    @FunctionalInterface
    interface Part<T> {
        void write(T what, AlertJson json) throws IOException;
    }

    private final JsonBytes out;
    /** The dates of days that came up, each day in its place: alerts of one answer have few. */
    private final String[] dates = new String[DATES];

    private final long[] days = new long[DATES];

    private AlertJson(JsonBytes out) {
        this.out = out;
    }

    static <T> StreamedAnswer of(T what, Part<T> part) {
        return json -> part.write(what, new AlertJson(json));
    }

    static <T> StreamedAnswer listOf(List<T> all, Part<T> part) {
        return of(all, (list, json) -> json.list(list, part));
    }

    private <T> void list(List<T> all, Part<T> part) throws IOException {
        out.ascii('[');
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) {
                out.ascii(',');
            }
            part.write(all.get(i), this);
        }
        out.ascii(']');
    }

    void begin() throws IOException {
        out.ascii('{');
    }

    void end() throws IOException {
        out.ascii('}');
    }

    /** Begins a field whose name needs no escapes; {@code first} that of an object. */
    AlertJson key(boolean first, String key) throws IOException {
        out.ascii(first ? "\"" : ",\"");
        out.ascii(key);
        out.ascii("\":");
        return this;
    }

    AlertJson text(String text) throws IOException {
        out.string(text);
        return this;
    }

    AlertJson number(int number) throws IOException {
        out.ascii(Integer.toString(number));
        return this;
    }

    /** An array without elements. */
    void nothing() throws IOException {
        out.ascii("[]");
    }

    void labels(Labels labels) throws IOException {
        out.labels(labels);
    }

    /** As RFC 3339 in UTC with milliseconds. */
    void time(long timeMs) throws IOException {
        int ms = Math.floorMod(timeMs, (int) DAY_MS);
        out.ascii('"');
        out.ascii(date(Math.floorDiv(timeMs, DAY_MS)));
        out.ascii('T');
        digits(ms / 3_600_000);
        out.ascii(':');
        digits(ms / 60_000 % 60);
        out.ascii(':');
        digits(ms / 1000 % 60);
        out.ascii('.');
        out.ascii((char) ('0' + ms / 100 % 10));
        digits(ms % 100);
        out.ascii("Z\"");
    }

    private String date(long day) {
        int place = (int) day & (DATES - 1);
        if (dates[place] == null || days[place] != day) {
            days[place] = day;
            dates[place] = LocalDate.ofEpochDay(day).toString();
        }
        return dates[place];
    }

    private void digits(int two) throws IOException {
        out.ascii((char) ('0' + two / 10));
        out.ascii((char) ('0' + two % 10));
    }

    static void receiver(String name, AlertJson json) throws IOException {
        json.begin();
        json.key(true, "name").text(name);
        json.end();
    }

    static void alert(AlertState state, AlertJson json) throws IOException {
        Alert alert = state.alert();
        json.begin();
        json.key(true, "annotations").labels(alert.annotations());
        json.key(false, "endsAt").time(state.endsAtMs());
        json.key(false, "fingerprint").text(alert.fingerprint());
        json.key(false, "receivers").list(state.receivers(), AlertJson::receiver);
        json.key(false, "startsAt").time(alert.startsAtMs());
        json.key(false, "status").begin();
        json.key(true, "inhibitedBy").out.strings(state.inhibitedBy());
        json.key(false, "mutedBy").out.strings(state.mutedBy());
        json.key(false, "silencedBy").out.strings(state.silencedBy());
        json.key(false, "state").text(state.isSuppressed() ? "suppressed" : "active");
        json.end();
        json.key(false, "updatedAt").time(state.updatedAtMs());
        if (!alert.generatorUrl().isEmpty()) {
            json.key(false, "generatorURL").text(alert.generatorUrl());
        }
        json.key(false, "labels").labels(alert.labels());
        json.end();
    }

    static void group(GroupState group, AlertJson json) throws IOException {
        json.begin();
        json.key(true, "alerts").list(group.alerts(), AlertJson::alert);
        json.key(false, "labels").labels(group.labels());
        json.key(false, "receiver");
        receiver(group.receiver(), json);
        json.key(false, "routeLabels").labels(group.routeLabels());
        json.end();
    }

    static Part<Silence> silence(long nowMs) {
        return (silence, json) -> {
            json.begin();
            json.key(true, "id").text(silence.id());
            json.key(false, "status").begin();
            json.key(true, "state").text(silence.state(nowMs).name().toLowerCase(Locale.ROOT));
            json.end();
            json.key(false, "updatedAt").time(silence.updatedAtMs());
            json.key(false, "comment").text(silence.comment());
            json.key(false, "createdBy").text(silence.createdBy());
            json.key(false, "endsAt").time(silence.endsAtMs());
            json.key(false, "matchers").list(silence.matchers(), AlertJson::matcher);
            json.key(false, "startsAt").time(silence.startsAtMs());
            json.key(false, "annotations").labels(silence.annotations());
            json.end();
        };
    }

    private static void matcher(Matcher matcher, AlertJson json) throws IOException {
        Matcher.Type type = matcher.type();
        boolean equal = type == Matcher.Type.EQUAL || type == Matcher.Type.REGEX;
        boolean regex = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
        json.begin();
        json.key(true, "isEqual").out.ascii(equal ? "true" : "false");
        json.key(false, "isRegex").out.ascii(regex ? "true" : "false");
        json.key(false, "name").text(matcher.name());
        json.key(false, "value").text(matcher.value());
        json.end();
    }

    static Json read(byte[] body) {
        try {
            return Json.parse(body);
        } catch (IOException e) {
            throw new ApiException(ErrorType.BAD_DATA, "parsing the body failed: " + e.getMessage(), null);
        }
    }

    /** The text under a key, or nothing. */
    static String text(Json object, String key) {
        Json value = object.get(key);
        if (!value.isPresent()) {
            return "";
        }
        if (!value.isText()) {
            throw new ApiException(ErrorType.BAD_DATA, key + " must be a string");
        }
        return value.text();
    }

    static boolean flag(Json object, String key, boolean otherwise) {
        Json value = object.get(key);
        if (!value.isPresent()) {
            return otherwise;
        }
        if (value.isText() || !(value.text().equals("true") || value.text().equals("false"))) {
            throw new ApiException(ErrorType.BAD_DATA, key + " must be true or false");
        }
        return value.isTrue();
    }

    /** Milliseconds since the epoch; 0 if it is not given, or Go's zero time. */
    static long time(Json object, String key) {
        String text = text(object, key);
        if (text.isEmpty() || text.startsWith("0001-01-01T00:00:00")) {
            return 0;
        }
        ReadTime last = lastRead;
        if (text.equals(last.text)) {
            return last.ms;
        }
        try {
            ReadTime read =
                    new ReadTime(text, OffsetDateTime.parse(text).toInstant().toEpochMilli());
            lastRead = read;
            return read.ms;
        } catch (DateTimeException | ArithmeticException e) {
            throw new ApiException(ErrorType.BAD_DATA, key + ": \"" + text + "\" is no time as of RFC 3339", e);
        }
    }

    /** A map of texts; those without a value are left out. */
    static Labels labels(Json object, String key) {
        Json value = object.get(key);
        if (value.isPresent() && !value.isMap()) {
            throw new ApiException(ErrorType.BAD_DATA, key + " must be an object of strings");
        }
        Labels.Builder labels = Labels.builder();
        value.entries().forEach((name, entry) -> {
            if (!entry.isText()) {
                throw new ApiException(ErrorType.BAD_DATA, key + "." + name + " must be a string");
            }
            labels.set(name, entry.text());
        });
        return labels.build();
    }
}
