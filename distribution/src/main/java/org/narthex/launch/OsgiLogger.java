package org.narthex.launch;

import java.util.logging.Level;

import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerConsumer;

/** A logger as OSGi's Log Service has it, in front of one of the process' log. Messages may hold {@code {}} for arguments. */
final class OsgiLogger implements Logger {
    private final java.util.logging.Logger log;

    OsgiLogger(String name) {
        log = java.util.logging.Logger.getLogger(name);
    }

    @Override
    public String getName() {
        return log.getName();
    }

    void log(Level level, String message, Object... arguments) {
        if (!log.isLoggable(level)) {
            return;
        }
        Throwable thrown = null;
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (Object argument : arguments) {
            int place = message.indexOf("{}", from);
            if (argument instanceof Throwable t && place < 0) {
                thrown = t;
            } else if (place >= 0) {
                out.append(message, from, place).append(argument);
                from = place + 2;
            }
        }
        out.append(message, from, message.length());
        java.util.logging.LogRecord entry = new java.util.logging.LogRecord(level, null);
        entry.setMessage(out.toString());
        entry.setThrown(thrown);
        entry.setLoggerName(log.getName());
        log.log(entry);
    }

    private <E extends Exception> void with(Level level, LoggerConsumer<E> consumer) throws E {
        if (log.isLoggable(level)) {
            consumer.accept(this);
        }
    }

    @Override
    public boolean isTraceEnabled() {
        return log.isLoggable(Level.FINEST);
    }

    @Override
    public void trace(String message) {
        log(Level.FINEST, message);
    }

    @Override
    public void trace(String format, Object argument) {
        log(Level.FINEST, format, argument);
    }

    @Override
    public void trace(String format, Object first, Object second) {
        log(Level.FINEST, format, first, second);
    }

    @Override
    public void trace(String format, Object... arguments) {
        log(Level.FINEST, format, arguments);
    }

    @Override
    public <E extends Exception> void trace(LoggerConsumer<E> consumer) throws E {
        with(Level.FINEST, consumer);
    }

    @Override
    public boolean isDebugEnabled() {
        return log.isLoggable(Level.FINE);
    }

    @Override
    public void debug(String message) {
        log(Level.FINE, message);
    }

    @Override
    public void debug(String format, Object argument) {
        log(Level.FINE, format, argument);
    }

    @Override
    public void debug(String format, Object first, Object second) {
        log(Level.FINE, format, first, second);
    }

    @Override
    public void debug(String format, Object... arguments) {
        log(Level.FINE, format, arguments);
    }

    @Override
    public <E extends Exception> void debug(LoggerConsumer<E> consumer) throws E {
        with(Level.FINE, consumer);
    }

    @Override
    public boolean isInfoEnabled() {
        return log.isLoggable(Level.INFO);
    }

    @Override
    public void info(String message) {
        log(Level.INFO, message);
    }

    @Override
    public void info(String format, Object argument) {
        log(Level.INFO, format, argument);
    }

    @Override
    public void info(String format, Object first, Object second) {
        log(Level.INFO, format, first, second);
    }

    @Override
    public void info(String format, Object... arguments) {
        log(Level.INFO, format, arguments);
    }

    @Override
    public <E extends Exception> void info(LoggerConsumer<E> consumer) throws E {
        with(Level.INFO, consumer);
    }

    @Override
    public boolean isWarnEnabled() {
        return log.isLoggable(Level.WARNING);
    }

    @Override
    public void warn(String message) {
        log(Level.WARNING, message);
    }

    @Override
    public void warn(String format, Object argument) {
        log(Level.WARNING, format, argument);
    }

    @Override
    public void warn(String format, Object first, Object second) {
        log(Level.WARNING, format, first, second);
    }

    @Override
    public void warn(String format, Object... arguments) {
        log(Level.WARNING, format, arguments);
    }

    @Override
    public <E extends Exception> void warn(LoggerConsumer<E> consumer) throws E {
        with(Level.WARNING, consumer);
    }

    @Override
    public boolean isErrorEnabled() {
        return log.isLoggable(Level.SEVERE);
    }

    @Override
    public void error(String message) {
        log(Level.SEVERE, message);
    }

    @Override
    public void error(String format, Object argument) {
        log(Level.SEVERE, format, argument);
    }

    @Override
    public void error(String format, Object first, Object second) {
        log(Level.SEVERE, format, first, second);
    }

    @Override
    public void error(String format, Object... arguments) {
        log(Level.SEVERE, format, arguments);
    }

    @Override
    public <E extends Exception> void error(LoggerConsumer<E> consumer) throws E {
        with(Level.SEVERE, consumer);
    }

    @Override
    public void audit(String message) {
        log(Level.INFO, message);
    }

    @Override
    public void audit(String format, Object argument) {
        log(Level.INFO, format, argument);
    }

    @Override
    public void audit(String format, Object first, Object second) {
        log(Level.INFO, format, first, second);
    }

    @Override
    public void audit(String format, Object... arguments) {
        log(Level.INFO, format, arguments);
    }
}
