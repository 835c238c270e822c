package org.narthex.config;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.TimeInterval;
import org.narthex.api.config.TimeInterval.Range;

/** Reads Alertmanager's time intervals. */
final class TimeIntervalReader {
    private static final Pattern TIME = Pattern.compile("((([01][0-9])|(2[0-3])):[0-5][0-9])|(24:00)");
    private static final List<String> WEEKDAYS =
            List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");
    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");

    private TimeIntervalReader() {}

    /** The sections {@code time_intervals} and, its former name, {@code mute_time_intervals}. */
    static Map<String, List<TimeInterval>> named(Section top) throws ConfigException {
        Map<String, List<TimeInterval>> named = new LinkedHashMap<>();
        for (String key : new String[] {"mute_time_intervals", "time_intervals"}) {
            for (ConfigNode item : top.list(key, "empty or null time interval")) {
                Section interval = Section.of(item);
                interval.only("name", "time_intervals");
                String name = interval.text("name", "");
                if (name.isEmpty()) {
                    throw interval.error("missing name in time interval");
                }
                List<TimeInterval> elements = new ArrayList<>();
                for (ConfigNode element : interval.list("time_intervals", "empty or null time interval")) {
                    elements.add(read(Section.of(element)));
                }
                if (named.put(name, elements) != null) {
                    throw interval.error("name", "mute time interval \"" + name + "\" is not unique");
                }
            }
        }
        return named;
    }

    static TimeInterval read(Section interval) throws ConfigException {
        interval.only("times", "weekdays", "days_of_month", "months", "years", "location");
        List<Range> times = new ArrayList<>();
        for (ConfigNode item : interval.list("times", "empty or null time range")) {
            times.add(time(Section.of(item)));
        }
        return new TimeInterval(
                times,
                ranges(interval, "weekdays", TimeIntervalReader::weekdays),
                ranges(interval, "days_of_month", TimeIntervalReader::days),
                ranges(interval, "months", TimeIntervalReader::months),
                ranges(interval, "years", TimeIntervalReader::years),
                location(interval));
    }

    static Range time(Section range) throws ConfigException {
        range.only("start_time", "end_time");
        if (!range.has("start_time") || !range.has("end_time")) {
            throw range.error("both start and end times must be provided");
        }
        Range minutes = new Range(minute(range, "start_time"), minute(range, "end_time"));
        if (minutes.start() >= minutes.end()) {
            throw range.error("start time cannot be equal or greater than end time");
        }
        return minutes;
    }

    private static int minute(Section range, String key) throws ConfigException {
        String text = range.text(key, "");
        if (!TIME.matcher(text).matches()) {
            throw range.error(key, "couldn't parse timestamp " + text + ", invalid format");
        }
        return Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
    }

    /** Makes a range of its two ends, which are the same where only one is given. */
    @FunctionalInterface
    private interface Ends {
        /** @throws IllegalArgumentException saying what is wrong */
        Range of(String start, String end);
    }

    private static List<Range> ranges(Section interval, String key, Ends ends) throws ConfigException {
        List<Range> ranges = new ArrayList<>();
        for (ConfigNode item : interval.list(key, "empty or null range")) {
            String text = item.text().toLowerCase(Locale.ROOT);
            String[] parts = text.split(":", -1);
            if (parts.length > 2) {
                throw item.error("couldn't parse range " + text + ", invalid format");
            }
            try {
                ranges.add(ends.of(parts[0], parts[parts.length - 1]));
            } catch (IllegalArgumentException e) {
                throw item.error(e.getMessage());
            }
        }
        return ranges;
    }

    private static Range weekdays(String start, String end) {
        Range range = new Range(weekday(start), weekday(end));
        if (range.start() > range.end()) {
            throw new IllegalArgumentException("start day cannot be before end day");
        }
        return range;
    }

    private static int weekday(String name) {
        int day = WEEKDAYS.indexOf(name);
        if (day < 0) {
            throw new IllegalArgumentException(name + " is not a valid weekday");
        }
        return day;
    }

    private static Range months(String start, String end) {
        Range range = new Range(month(start), month(end));
        if (range.start() > range.end()) {
            throw new IllegalArgumentException("end month " + end + " is before start month " + start);
        }
        return range;
    }

    private static int month(String text) {
        int named = MONTHS.indexOf(text) + 1;
        int month = named > 0 ? named : number(text, " is not a valid month");
        if (month < 1 || month > 12) {
            throw new IllegalArgumentException(text + " is not a valid month");
        }
        return month;
    }

    private static Range years(String start, String end) {
        Range range = new Range(number(start, " is not a valid year"), number(end, " is not a valid year"));
        if (range.start() > range.end()) {
            throw new IllegalArgumentException("end year " + end + " is before start year " + start);
        }
        return range;
    }

    private static Range days(String start, String end) {
        Range range = new Range(day(start), day(end));
        if (range.start() < 0 && range.end() > 0 && !(range.start() == -31 && range.end() == 31)) {
            throw new IllegalArgumentException("end day must be negative if start day is negative");
        }
        // Whatever the length of the month: that of the shortest one may leave nothing.
        boolean sameSide = range.start() < 0 == range.end() < 0;
        int latestEnd = range.end() < 0 && range.start() > 0 ? 31 + range.end() + 1 : range.end();
        if ((sameSide || range.end() < 0) && latestEnd < range.start()) {
            throw new IllegalArgumentException("end day " + end + " is always before start day " + start);
        }
        return range;
    }

    private static int day(String text) {
        int day = number(text, " is not a valid day of the month");
        if (day == 0 || day < -31 || day > 31) {
            throw new IllegalArgumentException(text + " is not a valid day of the month: out of range");
        }
        return day;
    }

    private static int number(String text, String complaint) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + complaint, e);
        }
    }

    private static ZoneId location(Section interval) throws ConfigException {
        String name = interval.text("location", "");
        if (name.isEmpty() || name.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        try {
            return name.equals("Local") ? ZoneId.systemDefault() : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw interval.error("location", "unknown time zone " + name);
        }
    }
}
