package org.narthex.rest;

import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.PromDuration;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Ends requests to Alertmanager's API that take longer than {@code --web.timeout}: by 503, or, if the answer is on its way already, with the connection, so
 * that nobody takes half of it for all. Inside {@link AlertmanagerRequests}, which counts what becomes of them.
 */
@Component(service = Filter.class, property = "service.ranking:Integer=-1")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=" + RestWhiteboard.ALERTMANAGER_CONTEXT + ")")
public final class AlertmanagerTimeout implements Filter {
    private final long timeoutMs;
    /** Null if nothing is timed. */
    private final ScheduledExecutorService timers;

    @Activate
    public AlertmanagerTimeout(BundleContext context) {
        this(new Flags(context::getProperty).durationMs(Flag.WEB_TIMEOUT));
    }

    /** @param timeoutMs 0 for any time */
    AlertmanagerTimeout(long timeoutMs) {
        this.timeoutMs = timeoutMs;
        this.timers = timeoutMs == 0 ? null : timers();
    }

    private static ScheduledExecutorService timers() {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "narthex-rest-timeout");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    @Deactivate
    void stop() {
        if (timers != null) {
            timers.shutdownNow();
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (timers == null) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletResponse http = (HttpServletResponse) response;
        TimedResponse timed = new TimedResponse(http, Thread.currentThread());
        Future<?> timer = timers.schedule(timed::expire, timeoutMs, TimeUnit.MILLISECONDS);
        try {
            chain.doFilter(request, timed);
        } catch (IOException | ServletException | RuntimeException e) {
            if (!timed.end()) {
                throw e;
            }
        } finally {
            timer.cancel(false);
        }
        if (timed.end()) {
            if (timed.bytes() > 0) {
                throw new IOException("the answer took longer than " + PromDuration.format(timeoutMs));
            }
            http.reset();
            http.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            http.setContentType("text/plain; charset=utf-8");
            http.getOutputStream().print("Exceeded configured timeout of " + PromDuration.format(timeoutMs) + ".\n");
        }
    }

    /** Takes nothing any more once its time is over. Its lock sees to it that the worker is not interrupted after the end. */
    private static final class TimedResponse extends CountedResponse {
        private final Thread worker;
        private boolean expired;
        private boolean ended;

        private TimedResponse(HttpServletResponse response, Thread worker) {
            super(response);
            this.worker = worker;
        }

        private synchronized void expire() {
            if (!ended) {
                expired = true;
                // It waits for the Alertmanager, or for a client that does not read.
                worker.interrupt();
            }
        }

        @Override
        synchronized boolean mayWrite() throws IOException {
            if (expired && bytes() > 0) {
                // There may be much to come.
                throw new IOException("the time for the answer is over");
            }
            return !expired;
        }

        /** Returns whether the time was over before. */
        private synchronized boolean end() {
            if (expired && !ended) {
                boolean unused = Thread.interrupted();
            }
            ended = true;
            return expired;
        }
    }
}
