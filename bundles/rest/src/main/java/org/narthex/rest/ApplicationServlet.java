package org.narthex.rest;

import java.io.IOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.osgitech.rest.runtime.JerseyServiceRuntime;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.spi.Container;
import org.glassfish.jersey.servlet.ServletContainer;

/**
 * One application of the whiteboard. The whiteboard hands in a new configuration whenever anything on it changes, even in another application;
 * then a new Jersey is built beside the old one, which goes on answering and ends with its last request.
 */
final class ApplicationServlet extends HttpServlet implements Container {
    private static final long serialVersionUID = 1L;

    /** A Jersey, and the lock that its requests share and its end needs alone. */
    private record Running(ServletContainer jersey, ReadWriteLock lock) {}

    private final boolean atOnce;
    private transient volatile ResourceConfig config;
    private transient volatile Running running;
    private boolean ended;

    /** @param atOnce whether to build at once, rather than for the first request */
    ApplicationServlet(ResourceConfig config, boolean atOnce) {
        this.config = config;
        this.atOnce = atOnce;
    }

    @Override
    public void init() throws ServletException {
        synchronized (this) {
            // The container may begin again after an end.
            ended = false;
        }
        if (atOnce) {
            running();
        }
    }

    /** The present one, built if need be; null after the end. */
    private Running running() throws ServletException {
        Running now = running;
        if (now != null) {
            return now;
        }
        synchronized (this) {
            if (running == null && !ended) {
                running = build(config);
            }
            return running;
        }
    }

    private Running build(ResourceConfig newConfig) throws ServletException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Jersey looks for some of its parts through the context class loader.
        thread.setContextClassLoader(JerseyServiceRuntime.class.getClassLoader());
        try {
            ServletContainer jersey = new ServletContainer(fresh(newConfig));
            jersey.init(getServletConfig());
            return new Running(jersey, new ReentrantReadWriteLock());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A configuration that was started with cannot be used for a second start. */
    private static ResourceConfig fresh(ResourceConfig config) {
        ResourceConfig fresh = ResourceConfig.forApplication(config.getApplication());
        fresh.setApplicationName(config.getApplicationName());
        fresh.addProperties(config.getProperties());
        return fresh;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Running now = running();
        while (now != null && !now.lock().readLock().tryLock()) {
            // It was replaced between the two lines above.
            now = running();
        }
        if (now == null) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        try {
            now.jersey().service(request, response);
        } finally {
            now.lock().readLock().unlock();
        }
    }

    @Override
    public synchronized void reload(ResourceConfig newConfig) {
        config = newConfig;
        Running old = running;
        if (old == null) {
            return;
        }
        try {
            running = build(newConfig);
        } catch (ServletException e) {
            throw new IllegalStateException("the application " + newConfig.getApplicationName() + " does not start", e);
        }
        end(old);
    }

    private static void end(Running old) {
        old.lock().writeLock().lock();
        // Never unlocked: who comes late finds it closed and takes the new one.
        old.jersey().destroy();
    }

    @Override
    public synchronized void destroy() {
        ended = true;
        Running old = running;
        running = null;
        if (old != null) {
            end(old);
        }
    }

    @Override
    public ResourceConfig getConfiguration() {
        return config;
    }

    @Override
    public ApplicationHandler getApplicationHandler() {
        Running now = running;
        return now == null ? null : now.jersey().getApplicationHandler();
    }

    @Override
    public void reload() {
        reload(config);
    }
}
