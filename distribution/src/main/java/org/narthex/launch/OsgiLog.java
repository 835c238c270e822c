package org.narthex.launch;

import java.util.logging.Level;

import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;

/**
 * OSGi's Log Service, so that what the framework's services have to say (a component that cannot be activated, a bundle that cannot be installed)
 * reaches the same log as everything else. It stands here and not in a bundle so that it is there before the first of them. {@code printf} style
 * loggers are not offered: nobody asks for them.
 */
final class OsgiLog implements LogService {
    private static final OsgiLogger PLAIN = new OsgiLogger("osgi");

    @Override
    public Logger getLogger(String name) {
        return new OsgiLogger("osgi." + name);
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName());
    }

    @Override
    public <L extends Logger> L getLogger(String name, Class<L> loggerType) {
        if (loggerType == FormatterLogger.class || !loggerType.isAssignableFrom(OsgiLogger.class)) {
            throw new IllegalArgumentException("no loggers of type " + loggerType.getName());
        }
        return loggerType.cast(new OsgiLogger("osgi." + name));
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> type, Class<L> loggerType) {
        return getLogger(type.getName(), loggerType);
    }

    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> loggerType) {
        return getLogger(name, loggerType);
    }

    @Override
    @Deprecated
    public void log(int level, String message) {
        PLAIN.log(level(level), message);
    }

    @Override
    @Deprecated
    public void log(int level, String message, Throwable thrown) {
        PLAIN.log(level(level), message, thrown);
    }

    @Override
    @Deprecated
    public void log(ServiceReference<?> service, int level, String message) {
        log(service, level, message, null);
    }

    @Override
    @Deprecated
    public void log(ServiceReference<?> service, int level, String message, Throwable thrown) {
        Bundle bundle = service == null ? null : service.getBundle();
        (bundle == null ? PLAIN : new OsgiLogger("osgi." + bundle.getSymbolicName()))
                .log(level(level), message, thrown);
    }

    /** By the numbers of the first versions of the specification: 1 error, 2 warning, 3 information, 4 debug. */
    static Level level(int level) {
        return switch (level) {
            case 1 -> Level.SEVERE;
            case 2 -> Level.WARNING;
            case 3 -> Level.INFO;
            default -> Level.FINE;
        };
    }
}
