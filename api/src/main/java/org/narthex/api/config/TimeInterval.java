package org.narthex.api.config;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * A recurring time, such as working hours. A kind of range that is empty allows everything; a time must be in one range of each other kind.
 *
 * @param times minutes of the day, the end exclusive
 * @param weekdays 0 for Sunday to 6
 * @param daysOfMonth 1 to 31, or -1 for the last day to -31; the end may be negative where the start is not
 * @param months 1 to 12
 */
public record TimeInterval(
        List<Range> times,
        List<Range> weekdays,
        List<Range> daysOfMonth,
        List<Range> months,
        List<Range> years,
        ZoneId location) {
    public TimeInterval {
        times = List.copyOf(times);
        weekdays = List.copyOf(weekdays);
        daysOfMonth = List.copyOf(daysOfMonth);
        months = List.copyOf(months);
        years = List.copyOf(years);
    }

    /** Both ends inclusive unless said otherwise. */
    public record Range(int start, int end) {
        boolean contains(int value) {
            return start <= value && value <= end;
        }
    }

    /** Whether the time, at the interval's location, is in it. */
    public boolean contains(Instant instant) {
        ZonedDateTime time = instant.atZone(location);
        int minute = time.getHour() * 60 + time.getMinute();
        int lastDay = time.toLocalDate().lengthOfMonth();
        return (times.isEmpty() || times.stream().anyMatch(range -> range.start <= minute && minute < range.end))
                && isIn(weekdays, time.getDayOfWeek().getValue() % 7)
                && (daysOfMonth.isEmpty()
                        || daysOfMonth.stream().anyMatch(range -> isDayIn(range, time.getDayOfMonth(), lastDay)))
                && isIn(months, time.getMonthValue())
                && isIn(years, time.getYear());
    }

    private static boolean isIn(List<Range> ranges, int value) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(value));
    }

    private static boolean isDayIn(Range range, int day, int lastDay) {
        int start = Math.max(1, range.start < 0 ? lastDay + range.start + 1 : range.start);
        int end = Math.min(lastDay, range.end < 0 ? lastDay + range.end + 1 : range.end);
        // A month without the first day of the range has none of it.
        return range.start <= lastDay && start <= day && day <= end;
    }
}
