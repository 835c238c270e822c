package org.narthex.alert.dispatch;

import java.io.DataInputStream;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.alert.AlertDesk.Event;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.AlertDesk.RecurringSilence;
import org.narthex.api.config.TimeInterval;

/**
 * The bytes of what people did about alerts, in the terms of {@link StateFormat}.
 *
 * <pre>
 * acknowledgement  byte 2, labels, text by, text comment, int64 at ms, int64 until ms, int64 resolveAfter ms
 * recurring        byte 2, text id, matchers, five times ranges (int32 count, then int32 start, int32 end of each: times, weekdays,
 *                  days of month, months, years), text zone, text by, text comment, int64 at ms
 * events           one or more events, one after the other
 * event            byte 2, int64 id, int64 at ms, text kind, text subject, labels, text who, text receiver, text text
 * </pre>
 */
final class DeskFormat {
    private DeskFormat() {}

    static void write(StateBuffer out, Acknowledgement acknowledgement) {
        out.writeByte(StateFormat.VERSION);
        StateFormat.labels(out, acknowledgement.labels());
        out.writeText(acknowledgement.by());
        out.writeText(acknowledgement.comment());
        out.writeLong(acknowledgement.atMs());
        out.writeLong(acknowledgement.untilMs());
        out.writeLong(acknowledgement.resolveAfterMs());
    }

    static Acknowledgement readAcknowledgement(byte[] bytes) throws IOException {
        DataInputStream in = StateFormat.open(bytes);
        return new Acknowledgement(
                StateFormat.labels(in),
                StateFormat.text(in),
                StateFormat.text(in),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    static void write(StateBuffer out, RecurringSilence silence) {
        out.writeByte(StateFormat.VERSION);
        out.writeText(silence.id());
        StateFormat.matchers(out, silence.matchers());
        TimeInterval when = silence.when();
        for (List<TimeInterval.Range> ranges :
                List.of(when.times(), when.weekdays(), when.daysOfMonth(), when.months(), when.years())) {
            ranges(out, ranges);
        }
        out.writeText(when.location().getId());
        out.writeText(silence.by());
        out.writeText(silence.comment());
        out.writeLong(silence.atMs());
    }

    private static void ranges(StateBuffer out, List<TimeInterval.Range> ranges) {
        out.writeInt(ranges.size());
        for (TimeInterval.Range range : ranges) {
            out.writeInt(range.start());
            out.writeInt(range.end());
        }
    }

    static RecurringSilence readRecurring(byte[] bytes) throws IOException {
        DataInputStream in = StateFormat.open(bytes);
        return new RecurringSilence(
                StateFormat.text(in),
                StateFormat.matchers(in),
                new TimeInterval(
                        ranges(in), ranges(in), ranges(in), ranges(in), ranges(in), ZoneId.of(StateFormat.text(in))),
                StateFormat.text(in),
                StateFormat.text(in),
                in.readLong());
    }

    private static List<TimeInterval.Range> ranges(DataInputStream in) throws IOException {
        int count = StateFormat.length(in);
        List<TimeInterval.Range> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ranges.add(new TimeInterval.Range(in.readInt(), in.readInt()));
        }
        return ranges;
    }

    static void write(StateBuffer out, Event event) {
        out.writeByte(StateFormat.VERSION);
        out.writeLong(event.id());
        out.writeLong(event.atMs());
        out.writeText(event.kind().name());
        out.writeText(event.subject());
        StateFormat.labels(out, event.labels());
        out.writeText(event.who());
        out.writeText(event.receiver());
        out.writeText(event.text());
    }

    static List<Event> readEvents(byte[] bytes) throws IOException {
        DataInputStream in = StateFormat.stream(bytes);
        List<Event> events = new ArrayList<>();
        while (in.available() > 0) {
            StateFormat.version(in);
            events.add(event(in));
        }
        return events;
    }

    private static Event event(DataInputStream in) throws IOException {
        long id = in.readLong();
        long atMs = in.readLong();
        String kind = StateFormat.text(in);
        try {
            return new Event(
                    id,
                    atMs,
                    Kind.valueOf(kind),
                    StateFormat.text(in),
                    StateFormat.labels(in),
                    StateFormat.text(in),
                    StateFormat.text(in),
                    StateFormat.text(in));
        } catch (IllegalArgumentException e) {
            throw new IOException("a history entry of kind " + kind, e);
        }
    }
}
