package org.narthex.alert.template;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** Go's time.Time, in UTC as all of Prometheus' template functions give it. */
record GoTime(Instant instant) implements Members {
    /** What a layout may hold, longer ones before their beginnings. */
    private static final String[] LAYOUT = {
        "January", "Jan", "Monday", "Mon", "MST", "2006", "-07:00", "-0700", "Z07:00", "-07", "01", "02", "03", "04",
        "05", "06", "002", "15", "_2", "PM", "pm", "1", "2", "3", "4", "5"
    };

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "Format" -> format(layout(arguments));
            case "Add" -> new GoTime(instant.plusNanos(duration(arguments).nanos()));
            case "Unix" -> instant.getEpochSecond();
            case "UnixMilli" -> instant.toEpochMilli();
            case "UTC" -> this;
            case "String" -> toString();
            case "Year" -> (long) utc().getYear();
            case "Day" -> (long) utc().getDayOfMonth();
            case "Hour" -> (long) utc().getHour();
            case "Minute" -> (long) utc().getMinute();
            case "Second" -> (long) utc().getSecond();
            case "Month" -> utc().getMonth().getDisplayName(TextStyle.FULL, Locale.ROOT);
            case "Weekday" -> utc().getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ROOT);
            default -> throw Members.unknown(name, typeName());
        };
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

    private ZonedDateTime utc() {
        return instant.atZone(ZoneOffset.UTC);
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

    private static String element(String layout, int at) {
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
        String nanos = String.valueOf(1_000_000_000L + utc().getNano()).substring(1);
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
        ZonedDateTime t = utc();
        int hour12 = t.getHour() % 12 == 0 ? 12 : t.getHour() % 12;
        return switch (element) {
            case "January" -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Jan" -> t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "Monday" -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Mon" -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "MST" -> "UTC";
            case "2006" -> padded(t.getYear(), 4, '0');
            case "06" -> padded(t.getYear() % 100, 2, '0');
            case "01" -> padded(t.getMonthValue(), 2, '0');
            case "1" -> String.valueOf(t.getMonthValue());
            case "02" -> padded(t.getDayOfMonth(), 2, '0');
            case "_2" -> padded(t.getDayOfMonth(), 2, ' ');
            case "2" -> String.valueOf(t.getDayOfMonth());
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
            case "Z07:00" -> "Z";
            case "-07:00" -> "+00:00";
            case "-0700" -> "+0000";
            case "-07" -> "+00";
            default -> throw new IllegalStateException(element);
        };
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
