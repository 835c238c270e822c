package org.narthex.config;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import org.narthex.api.config.Host;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process as seen from the framework. It is ours to end only if our own launcher started it, which says so by a framework property. */
@Component
public final class FrameworkHost implements Host {
    private static final Logger LOG = LoggerFactory.getLogger(FrameworkHost.class);
    /** Set to true by the launcher. */
    private static final String LAUNCHED = "narthex.launched";
    /** Set by the launcher: when it started, in milliseconds since the epoch. */
    private static final String STARTED = "narthex.started";
    /** Read by the launcher after the framework has stopped. */
    private static final String EXIT_CODE = "narthex.exit.code";

    private final BundleContext context;
    private final boolean launched;
    private final long startedAtMs;
    private final AtomicBoolean failed = new AtomicBoolean();

    @Activate
    public FrameworkHost(BundleContext context) {
        this.context = context;
        launched = Boolean.parseBoolean(context.getProperty(LAUNCHED));
        startedAtMs = startedAt(context.getProperty(STARTED));
    }

    private static long startedAt(String property) {
        if (property != null) {
            try {
                return Long.parseLong(property);
            } catch (NumberFormatException e) {
                LOG.warn("Framework property {} is no time in milliseconds: {}", STARTED, property);
            }
        }
        return ProcessHandle.current()
                .info()
                .startInstant()
                .orElseGet(Instant::now)
                .toEpochMilli();
    }

    @Override
    public long startedAtMs() {
        return startedAtMs;
    }

    @Override
    public void fail(String reason) {
        if (!launched) {
            LOG.error("{}", reason);
            return;
        }
        // One cause, one line: what fails after it, or because of it, only hides it.
        if (failed.compareAndSet(false, true)) {
            System.err.println("narthex: " + reason);
            System.setProperty(EXIT_CODE, "1");
            stopFramework();
        } else {
            LOG.debug("Failed as well: {}", reason);
        }
    }

    @Override
    public void quit() {
        if (!launched) {
            LOG.warn("Asked to end the process, which is not ours; stop the bundles instead");
            return;
        }
        LOG.info("Stopping as asked");
        if (!failed.get()) {
            System.setProperty(EXIT_CODE, "0");
        }
        stopFramework();
    }

    /** Returns at once: the framework stops on a thread of its own. */
    private void stopFramework() {
        try {
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
        } catch (BundleException e) {
            LOG.error("The framework does not stop", e);
        }
    }
}
