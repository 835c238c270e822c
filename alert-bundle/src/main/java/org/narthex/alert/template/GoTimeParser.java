package org.narthex.alert.template;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;

/** Reads a time written after a layout, as Go's time.Parse does. */
final class GoTimeParser {
    private final String layout;
    private final String text;
    private int at;
    private int year = 1;
    private int month = 1;
    private int day = 1;
    private int hour;
    private int minute;
    private int second;
    private int nanos;
    private int offsetSeconds;
    private boolean afternoon;
    private boolean morning;

    private GoTimeParser(String layout, String text) {
        this.layout = layout;
        this.text = text;
    }

    /** @throws TemplateException in Go's words, if the text does not fit the layout */
    static GoTime parse(String layout, String text) throws TemplateException {
        return new GoTimeParser(layout, text).run();
    }

    private GoTime run() throws TemplateException {
        int in = 0;
        while (in < layout.length()) {
            String element = GoTime.element(layout, in);
            if (element.isEmpty()) {
                String literal = layout.substring(in, in + 1);
                if (!text.startsWith(literal, at)) {
                    throw cannotParse(at, literal);
                }
                at++;
                in++;
            } else {
                element(element);
                in += element.length();
            }
        }
        if (at < text.length()) {
            throw new TemplateException(
                    "parsing time " + GoFormat.quote(text) + ": extra text: " + GoFormat.quote(text.substring(at)));
        }
        int inDay = afternoon && hour < 12 ? hour + 12 : morning && hour == 12 ? 0 : hour;
        try {
            return new GoTime(
                    LocalDateTime.of(year, month, day, inDay, minute, second, nanos)
                            .toInstant(ZoneOffset.UTC)
                            .minusSeconds(offsetSeconds),
                    offsetSeconds == 0 ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(offsetSeconds));
        } catch (DateTimeException e) {
            throw new TemplateException("parsing time " + GoFormat.quote(text) + ": out of range");
        }
    }

    private void element(String element) throws TemplateException {
        int start = at;
        switch (element) {
            case "2006" -> year = digits(start, element, 4, 4);
            case "06" -> {
                int two = digits(start, element, 2, 2);
                year = two >= 69 ? 1900 + two : 2000 + two;
            }
            case "01" -> month = digits(start, element, 2, 2);
            case "1" -> month = digits(start, element, 1, 2);
            case "02" -> day = digits(start, element, 2, 2);
            case "2", "_2" -> {
                at += text.startsWith(" ", at) && element.equals("_2") ? 1 : 0;
                day = digits(start, element, 1, 2);
            }
            case "15" -> hour = digits(start, element, 2, 2);
            case "03" -> hour = digits(start, element, 2, 2);
            case "3" -> hour = digits(start, element, 1, 2);
            case "04" -> minute = digits(start, element, 2, 2);
            case "4" -> minute = digits(start, element, 1, 2);
            case "05", "5" -> {
                second = digits(start, element, element.length(), 2);
                fraction();
            }
            case "January", "Jan" -> month = 1 + name(element, MONTHS, element.equals("Jan"));
            case "Monday", "Mon" -> name(element, DAYS, element.equals("Mon"));
            case "PM", "pm" -> {
                String half =
                        at + 2 <= text.length() ? text.substring(at, at + 2).toUpperCase(Locale.ROOT) : "";
                afternoon = half.equals("PM");
                morning = half.equals("AM");
                if (!afternoon && !morning) {
                    throw cannotParse(start, element);
                }
                at += 2;
            }
            case "MST" -> {
                if (!text.startsWith("UTC", at) && !text.startsWith("GMT", at)) {
                    throw cannotParse(start, element);
                }
                at += 3;
            }
            default -> offset(element);
        }
    }

    private static final String[] MONTHS = names(java.time.Month.values());
    private static final String[] DAYS = names(java.time.DayOfWeek.values());

    private static String[] names(Object[] values) {
        String[] names = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            names[i] = values[i] instanceof java.time.Month month
                    ? month.getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                    : ((java.time.DayOfWeek) values[i]).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        }
        return names;
    }

    private int name(String element, String[] names, boolean isShort) throws TemplateException {
        for (int i = 0; i < names.length; i++) {
            String name = isShort ? names[i].substring(0, 3) : names[i];
            if (text.regionMatches(true, at, name, 0, name.length())) {
                at += name.length();
                return i;
            }
        }
        throw cannotParse(at, element);
    }

    private int digits(int start, String element, int least, int most) throws TemplateException {
        int end = at;
        while (end < text.length() && end - at < most && Character.digit(text.charAt(end), 10) >= 0) {
            end++;
        }
        if (end - at < least) {
            throw cannotParse(start, element);
        }
        int value = Integer.parseInt(text.substring(at, end));
        at = end;
        return value;
    }

    /** Seconds may have a fraction even if the layout says nothing of it. */
    private void fraction() {
        if (at + 1 < text.length()
                && (text.charAt(at) == '.' || text.charAt(at) == ',')
                && Character.digit(text.charAt(at + 1), 10) >= 0) {
            int end = at + 1;
            while (end < text.length() && Character.digit(text.charAt(end), 10) >= 0) {
                end++;
            }
            String digits = (text.substring(at + 1, end) + "000000000").substring(0, 9);
            nanos = Integer.parseInt(digits);
            at = end;
        }
    }

    private void offset(String element) throws TemplateException {
        int start = at;
        if (element.startsWith("Z") && text.startsWith("Z", at)) {
            at++;
            return;
        }
        String sign = at < text.length() ? text.substring(at, at + 1) : "";
        if (!sign.equals("+") && !sign.equals("-")) {
            throw cannotParse(start, element);
        }
        at++;
        int seconds = digits(start, element, 2, 2) * 3600;
        if (element.length() > 3) {
            if (element.contains(":")) {
                if (!text.startsWith(":", at)) {
                    throw cannotParse(start, element);
                }
                at++;
            }
            seconds += digits(start, element, 2, 2) * 60;
        }
        offsetSeconds = sign.equals("-") ? -seconds : seconds;
    }

    private TemplateException cannotParse(int start, String element) {
        return new TemplateException("parsing time " + GoFormat.quote(text) + " as " + GoFormat.quote(layout)
                + ": cannot parse " + GoFormat.quote(text.substring(Math.min(start, text.length()))) + " as "
                + GoFormat.quote(element));
    }
}
