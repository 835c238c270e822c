package org.narthex.launch;

import java.io.IOException;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.apache.felix.framework.Felix;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.log.LogService;
import org.osgi.service.log.LoggerFactory;

/** The OSGi framework with the bundles, from start to stop. */
final class Server {
    /** The system property by which a part that ends the process says with which exit code. */
    static final String EXIT_CODE = "narthex.exit.code";

    private static final Logger LOG = Logger.getLogger(Server.class.getName());

    /** How long what is not needed for being ready is held back; a large WAL may be replayed meanwhile. */
    private static final long PATIENCE_SECONDS = 10;

    private final Settings settings;
    private final BundleSet bundles;
    private final BundleCache cache;
    private final Framework framework;

    Server(Settings settings, BundleSet bundles, BundleCache cache, Map<String, Object> properties) {
        this.settings = settings;
        this.bundles = bundles;
        this.cache = cache;
        framework = new Felix(properties);
    }

    /**
     * Starts what scrapes and stores first, with the libraries of the web server at the same time, then our web server, then rules and alerts, then,
     * once the server answers, the rest: the first scrape and the first answer are what people wait for. Rules are checked when their bundle starts,
     * so that must be before anybody is told that Narthex is ready.
     */
    void start() throws StartException {
        BundleContext context = begin();
        try {
            startParts(context);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // A part that ends the process meanwhile has told why; that the framework's context is gone then is no
            // news.
            if (!isEnding()) {
                throw e;
            }
        }
    }

    private void startParts(BundleContext context) throws InterruptedException {
        Stage core = stage(context, 1, 2);
        Thread libraries = new Thread(() -> stage(context, 3).start(), "narthex-launch-libraries");
        libraries.start();
        core.start();
        libraries.join();
        // Never at the same time: components that know each other, activated by two threads, wait for each other's
        // locks until Declarative Services
        // gives up after five seconds, and leaves references unbound for good.
        stage(context, 4).start();
        stage(context, 5).start();
        if (isEnding()) {
            return;
        }
        ReadyWatch watch = new ReadyWatch(framework, context, settings);
        watch.begin();
        watch.await(PATIENCE_SECONDS);
        stage(context, 6).start();
        if (!isEnding()) {
            framework.adapt(FrameworkStartLevel.class).setStartLevel(FrameworkProperties.DROP_IN_LEVEL);
            completeCache();
        }
    }

    private Stage stage(BundleContext context, int... levels) {
        return new Stage(framework, context, bundles).install(levels);
    }

    private void completeCache() {
        try {
            cache.complete();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The bundle cache will be made anew at the next start", e);
        }
    }

    private BundleContext begin() throws StartException {
        try {
            framework.init();
            BundleContext context = framework.getBundleContext();
            context.registerService(
                    new String[] {LogService.class.getName(), LoggerFactory.class.getName()}, new OsgiLog(), null);
            framework.start();
            return context;
        } catch (BundleException e) {
            throw new StartException(CommandLine.USAGE, "the OSGi framework does not start: " + e.getMessage());
        }
    }

    private boolean isEnding() {
        return framework.getState() != org.osgi.framework.Bundle.ACTIVE || System.getProperty(EXIT_CODE) != null;
    }

    /** Waits until the framework has stopped, for whatever reason; returns the exit code of the process. */
    int await() throws InterruptedException {
        while (framework.waitForStop(0).getType() == FrameworkEvent.STOPPED_UPDATE) {
            LOG.info("The framework restarts");
        }
        return Integer.getInteger(EXIT_CODE, 0);
    }

    /** Begins to stop all bundles in order; {@link #await} tells when that is done. */
    void stop() {
        try {
            framework.stop();
        } catch (BundleException e) {
            LOG.log(Level.SEVERE, "Cannot stop in order", e);
        }
    }
}
