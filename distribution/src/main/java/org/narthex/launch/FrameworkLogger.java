package org.narthex.launch;

import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Takes what the framework itself has to say. */
final class FrameworkLogger extends Logger {
    private static final OsgiLogger LOG = new OsgiLogger("org.apache.felix.framework");

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    protected void doLog(Bundle bundle, ServiceReference service, int level, String message, Throwable thrown) {
        LOG.log(OsgiLog.level(level), bundle == null ? message : bundle.getSymbolicName() + ": " + message, thrown);
    }
}
