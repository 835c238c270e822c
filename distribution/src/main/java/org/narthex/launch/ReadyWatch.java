package org.narthex.launch;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Asks {@code /-/ready} as a load balancer would, and tells people when the answer is yes. */
final class ReadyWatch {
    private static final Logger LOG = Logger.getLogger(ReadyWatch.class.getName());

    private static final String HTTP_RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";

    private final Bundle framework;
    private final BundleContext context;
    private final Settings settings;
    private final CountDownLatch ready = new CountDownLatch(1);

    ReadyWatch(Bundle framework, BundleContext context, Settings settings) {
        this.framework = framework;
        this.context = context;
        this.settings = settings;
    }

    void begin() {
        Thread thread = new Thread(this::watch, "narthex-launch-ready");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns when Narthex is ready, or after this time. */
    void await(long seconds) throws InterruptedException {
        // Nothing to act on: who waits goes on in any case.
        boolean unused = ready.await(seconds, TimeUnit.SECONDS);
    }

    private void watch() {
        try {
            for (int pauseMs = 10; framework.getState() == Bundle.ACTIVE; pauseMs = Math.min(500, pauseMs + 5)) {
                int port = port();
                if (port > 0 && isReady(port)) {
                    String url = settings.url(port);
                    System.out.println("Narthex " + settings.installation().version() + " is ready: " + url);
                    LOG.info("Server is ready to receive web requests.");
                    return;
                }
                Thread.sleep(pauseMs);
            }
        } catch (InterruptedException | IllegalStateException e) {
            LOG.fine("stopped before it was ready");
        } finally {
            ready.countDown();
        }
    }

    /** The port the web server listens on; 0 as long as it does not. */
    private int port() {
        ServiceReference<?> runtime = context.getServiceReference(HTTP_RUNTIME);
        if (runtime != null && runtime.getProperty("osgi.http.endpoint") instanceof String[] endpoints) {
            for (String endpoint : endpoints) {
                int port = URI.create(endpoint).getPort();
                if (port > 0) {
                    return port;
                }
            }
        }
        return 0;
    }

    private boolean isReady(int port) {
        try {
            return new LocalHttp(settings.address(), port).request("GET", settings.path() + "-/ready") == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
