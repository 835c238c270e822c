package org.narthex.alert.template;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** Go's time.Time; in UTC unless a template asked for another zone. */
record GoTime(Instant instant, ZoneId zone) implements Members {
    /** Go's zero time. */
    static final GoTime ZERO = new GoTime(Instant.parse("0001-01-01T00:00:00Z"));

    /** What a layout may hold, longer ones before their beginnings. */
    private static final String[] LAYOUT = {
        "January", "Jan", "Monday", "Mon", "MST", "2006", "-07:00", "-0700", "Z07:00", "Z0700", "-07", "Z07", "01",
        "02", "03", "04", "05", "06", "002", "15", "__2", "_2", "PM", "pm", "1", "2", "3", "4", "5"
    };

    GoTime(Instant instant) {
        this(instant, ZoneOffset.UTC);
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "Format" -> format(layout(arguments));
            case "Add" -> new GoTime(instant.plusNanos(duration(arguments).nanos()), zone);
            case "Sub" ->
                new GoDuration(
                        Duration.between(time(arguments, name).instant, instant).toNanos());
            case "After" -> instant.isAfter(time(arguments, name).instant);
            case "Before" -> instant.isBefore(time(arguments, name).instant);
            case "Equal" -> instant.equals(time(arguments, name).instant);
            case "IsZero" -> instant.equals(ZERO.instant);
            case "Unix" -> instant.getEpochSecond();
            case "UnixMilli" -> instant.toEpochMilli();
            case "UnixNano" -> instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
            case "UTC" -> new GoTime(instant);
            case "Local" -> new GoTime(instant, ZoneId.systemDefault());
            case "String" -> toString();
            case "Year" -> (long) zoned().getYear();
            case "YearDay" -> (long) zoned().getDayOfYear();
            case "Day" -> (long) zoned().getDayOfMonth();
            case "Hour" -> (long) zoned().getHour();
            case "Minute" -> (long) zoned().getMinute();
            case "Second" -> (long) zoned().getSecond();
            case "Nanosecond" -> (long) zoned().getNano();
            case "Month" -> zoned().getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Weekday" -> zoned().getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            default -> throw Members.unknown(name, typeName());
        };
    }

    private static GoTime time(List<Object> arguments, String method) throws TemplateException {
        if (arguments.size() == 1 && arguments.get(0) instanceof GoTime other) {
            return other;
        }
        throw new TemplateException("wrong arguments for " + method + ": want a time");
    }

    private static String layout(List<Object> arguments) throws TemplateException {
        if (arguments.size() == 1 && arguments.get(0) instanceof String text) {
            return text;
        }
        throw new TemplateException("wrong arguments for Format: want a layout");
    }

    private static GoDuration duration(List<Object> arguments) throws TemplateException {
        if (arguments.size() == 1 && arguments.get(0) instanceof GoDuration duration) {
            return duration;
        }
        throw new TemplateException("wrong arguments for Add: want a duration");
    }

    private ZonedDateTime zoned() {
        return instant.atZone(zone);
    }

    /** Writes the time after the model of 01/02 03:04:05PM '06 -0700. */
    String format(String layout) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < layout.length()) {
            char c = layout.charAt(at);
            if ((c == '.' || c == ',') && fractionLength(layout, at) > 0) {
                int digits = fractionLength(layout, at);
                out.append(fraction(c, layout.charAt(at + 1), digits));
                at += digits + 1;
                continue;
            }
            String element = element(layout, at);
            out.append(element.isEmpty() ? String.valueOf(c) : value(element));
            at += element.isEmpty() ? 1 : element.length();
        }
        return out.toString();
    }

    /** The element of a layout that begins there; empty if the char stands for itself. */
    static String element(String layout, int at) {
        for (String element : LAYOUT) {
            if (layout.startsWith(element, at)) {
                return element;
            }
        }
        return "";
    }

    private static int fractionLength(String layout, int at) {
        int end = at + 1;
        while (end < layout.length()
                && (layout.charAt(end) == '0' || layout.charAt(end) == '9')
                && layout.charAt(end) == layout.charAt(at + 1)) {
            end++;
        }
        boolean digitFollows = end < layout.length() && Character.isDigit(layout.charAt(end));
        return digitFollows ? 0 : end - at - 1;
    }

    private String fraction(char separator, char digit, int digits) {
        String nanos = String.valueOf(1_000_000_000L + zoned().getNano()).substring(1);
        String shown = nanos.substring(0, Math.min(9, digits));
        if (digit == '9') {
            int end = shown.length();
            while (end > 0 && shown.charAt(end - 1) == '0') {
                end--;
            }
            shown = shown.substring(0, end);
        }
        return shown.isEmpty() ? "" : separator + shown;
    }

    private String value(String element) {
        ZonedDateTime t = zoned();
        int hour12 = t.getHour() % 12 == 0 ? 12 : t.getHour() % 12;
        return switch (element) {
            case "January" -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Jan" -> t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "Monday" -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Mon" -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "MST" -> abbreviation(t);
            case "2006" -> padded(t.getYear(), 4, '0');
            case "06" -> padded(t.getYear() % 100, 2, '0');
            case "01" -> padded(t.getMonthValue(), 2, '0');
            case "1" -> String.valueOf(t.getMonthValue());
            case "02" -> padded(t.getDayOfMonth(), 2, '0');
            case "_2" -> padded(t.getDayOfMonth(), 2, ' ');
            case "2" -> String.valueOf(t.getDayOfMonth());
            case "__2" -> padded(t.getDayOfYear(), 3, ' ');
            case "002" -> padded(t.getDayOfYear(), 3, '0');
            case "15" -> padded(t.getHour(), 2, '0');
            case "03" -> padded(hour12, 2, '0');
            case "3" -> String.valueOf(hour12);
            case "04" -> padded(t.getMinute(), 2, '0');
            case "4" -> String.valueOf(t.getMinute());
            case "05" -> padded(t.getSecond(), 2, '0');
            case "5" -> String.valueOf(t.getSecond());
            case "PM" -> t.getHour() < 12 ? "AM" : "PM";
            case "pm" -> t.getHour() < 12 ? "am" : "pm";
            case "Z07:00", "Z0700", "Z07" ->
                t.getOffset().getTotalSeconds() == 0 ? "Z" : offset(t, element.substring(1));
            case "-07:00", "-0700", "-07" -> offset(t, element.substring(1));
            default -> throw new IllegalStateException(element);
        };
    }

    /** @param form {@code 07:00}, {@code 0700} or {@code 07} */
    private static String offset(ZonedDateTime t, String form) {
        int minutes = t.getOffset().getTotalSeconds() / 60;
        String sign = minutes < 0 ? "-" : "+";
        String hours = padded(Math.abs(minutes) / 60, 2, '0');
        String rest = padded(Math.abs(minutes) % 60, 2, '0');
        return sign + hours + (form.length() == 2 ? "" : form.length() == 4 ? rest : ":" + rest);
    }

    private static String abbreviation(ZonedDateTime t) {
        if (t.getZone() instanceof ZoneOffset offset) {
            return offset.getTotalSeconds() == 0
                    ? "UTC"
                    : offset(t, t.getOffset().getTotalSeconds() % 3600 == 0 ? "07" : "0700");
        }
        return DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH).format(t);
    }

    private static String padded(int number, int width, char with) {
        String digits = String.valueOf(number);
        return String.valueOf(with).repeat(Math.max(0, width - digits.length())) + digits;
    }

    @Override
    public String typeName() {
        return "*time.Time";
    }

    @Override
    public String toString() {
        return format("2006-01-02 15:04:05.999999999 -0700 MST");
    }
}
