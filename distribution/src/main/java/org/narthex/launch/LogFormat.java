package org.narthex.launch;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One log entry per line, with the keys of Prometheus' log: {@code time} (UTC, milliseconds), {@code level}, {@code source}, {@code msg}, and
 * {@code err} and {@code stack} where something was thrown.
 */
abstract class LogFormat extends Formatter {
    /** As {@code --log.format} names it. */
    static LogFormat named(String name) {
        return name.equals("json") ? new Json() : new Logfmt();
    }

    @Override
    public String format(LogRecord entry) {
        StringBuilder out = new StringBuilder(200);
        begin(out);
        field(out, "time", time(entry));
        field(out, "level", level(entry.getLevel()));
        field(out, "source", source(entry.getLoggerName()));
        field(out, "msg", formatMessage(entry));
        if (entry.getThrown() != null) {
            field(out, "err", reasons(entry.getThrown()));
            field(out, "stack", stack(entry.getThrown()));
        }
        end(out);
        return out.append('\n').toString();
    }

    abstract void begin(StringBuilder out);

    abstract void field(StringBuilder out, String key, String value);

    abstract void end(StringBuilder out);

    private static String time(LogRecord entry) {
        // By hand: the JDK's date formatters take longer to load than the rest of the log together.
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(entry.getMillis(), 1000L), (int) Math.floorMod(entry.getMillis(), 1000L), ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(24);
        digits(out, time.getYear(), 1000).append('-');
        digits(out, time.getMonthValue(), 10).append('-');
        digits(out, time.getDayOfMonth(), 10).append('T');
        digits(out, time.getHour(), 10).append(':');
        digits(out, time.getMinute(), 10).append(':');
        digits(out, time.getSecond(), 10).append('.');
        // The milliseconds went in as nanoseconds.
        return digits(out, time.getNano(), 100).append('Z').toString();
    }

    private static StringBuilder digits(StringBuilder out, int number, int highest) {
        for (int unit = highest; unit > 0; unit /= 10) {
            out.append((char) ('0' + number / unit % 10));
        }
        return out;
    }

    private static String level(Level level) {
        int value = level.intValue();
        return value >= Level.SEVERE.intValue()
                ? "ERROR"
                : value >= Level.WARNING.intValue() ? "WARN" : value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    /** The class that logs: by custom a logger has its full name. */
    private static String source(String logger) {
        return logger == null || logger.isEmpty() ? "-" : logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String reasons(Throwable thrown) {
        StringBuilder out = new StringBuilder(thrown.toString());
        Throwable cause = thrown.getCause();
        // Many exceptions repeat their cause in their own message.
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
            String reason = cause.toString();
            if (out.indexOf(reason) < 0) {
                out.append(": ").append(reason);
            }
        }
        return out.toString();
    }

    private static String stack(Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    private static void escape(StringBuilder out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append("\\u00");
                        out.append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    /** {@code key=value}; values are quoted where a reader could not tell their end. */
    private static final class Logfmt extends LogFormat {
        @Override
        void begin(StringBuilder out) {}

        @Override
        void field(StringBuilder out, String key, String value) {
            if (!out.isEmpty()) {
                out.append(' ');
            }
            out.append(key).append('=');
            if (isPlain(value)) {
                out.append(value);
            } else {
                out.append('"');
                escape(out, value);
                out.append('"');
            }
        }

        private static boolean isPlain(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c <= ' ' || c == '=' || c == '"' || c == '\\' || c == 0x7f) {
                    return false;
                }
            }
            return !value.isEmpty();
        }

        @Override
        void end(StringBuilder out) {}
    }

    /** One JSON object per line. */
    private static final class Json extends LogFormat {
        @Override
        void begin(StringBuilder out) {
            out.append('{');
        }

        @Override
        void field(StringBuilder out, String key, String value) {
            if (out.length() > 1) {
                out.append(',');
            }
            out.append('"').append(key).append("\":\"");
            escape(out, value);
            out.append('"');
        }

        @Override
        void end(StringBuilder out) {
            out.append('}');
        }
    }
}
