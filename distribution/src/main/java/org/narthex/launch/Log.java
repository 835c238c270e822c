package org.narthex.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of the whole process: everything ends in {@code java.util.logging}, which has one handler, to standard error. */
final class Log {
    /** What speaks too much at its normal level, and the level at which it is worth hearing. */
    private static final String[][] QUIET = {
        {"org.eclipse.jetty", "WARNING"},
        // Looked at while classes are woven, when logging at a lower level would load a class in a circle.
        {"org.apache.aries.spifly", "WARNING"},
        // Warn of what is so on purpose: no WADL, providers that serve one side only.
        {"org.glassfish.jersey.server.wadl", "SEVERE"},
        {"org.glassfish.jersey.internal.inject.Providers", "SEVERE"},
        // Warns at every stop of what a stop is.
        {"runtime.check", "SEVERE"},
    };

    /** Loggers are held weakly by the JDK; without this their levels would be lost. */
    private static final List<Logger> HELD = new ArrayList<>();

    private Log() {}

    static void install(String format, String level) {
        LogManager.getLogManager().reset();
        Level own = level(level);
        Logger root = Logger.getLogger("");
        root.addHandler(new StandardError(LogFormat.named(format)));
        // Libraries are heard one level later than Narthex: what they call information is detail here.
        set("", level.equals("debug") ? Level.INFO : level.equals("info") ? Level.WARNING : own);
        set("org.narthex", own);
        for (String[] quiet : QUIET) {
            Level wanted = Level.parse(quiet[1]);
            set(quiet[0], wanted.intValue() > own.intValue() ? wanted : own);
        }
    }

    private static void set(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        HELD.add(logger);
    }

    private static Level level(String name) {
        return switch (name) {
            case "debug" -> Level.FINE;
            case "warn" -> Level.WARNING;
            case "error" -> Level.SEVERE;
            default -> Level.INFO;
        };
    }

    /** Writes each entry with one call, so that lines of several threads never mix. */
    private static final class StandardError extends Handler {
        private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);

        StandardError(LogFormat format) {
            setFormatter(format);
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord entry) {
            if (isAftermath(entry)) {
                return;
            }
            byte[] line = getFormatter().format(entry).getBytes(StandardCharsets.UTF_8);
            synchronized (out) {
                try {
                    out.write(line);
                } catch (IOException e) {
                    // Nobody reads standard error any more, and there is no other place to say so.
                    return;
                }
            }
        }

        /** Once the process ends for a reason that was told, what breaks because of it would only bury that reason. */
        private static boolean isAftermath(LogRecord entry) {
            return Integer.getInteger(Server.EXIT_CODE, 0) != 0
                    && !String.valueOf(entry.getLoggerName()).startsWith("org.narthex.launch.");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
