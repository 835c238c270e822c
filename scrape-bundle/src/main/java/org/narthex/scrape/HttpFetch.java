package org.narthex.scrape;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.EagerHandler;
import org.narthex.api.http.NoAnswer;

/** Scrapes one target over HTTP without blocking a thread meanwhile. */
final class HttpFetch implements Fetch {
    private final HttpRequests requests;
    private final Bodies bodies;
    private final Clockwork clockwork;
    /** What was sent last; written by one scrape at a time. */
    private volatile HttpRequests.Prepared prepared = HttpRequests.Prepared.NONE;

    HttpFetch(HttpRequests requests, Bodies bodies, Clockwork clockwork) {
        this.requests = requests;
        this.bodies = bodies;
        this.clockwork = clockwork;
    }

    @Override
    public boolean startsAtOnce(Target target, ScrapeConfig config) {
        return requests.isPrepared(target, config, prepared);
    }

    @Override
    public void start(Target target, ScrapeConfig config, Attempt attempt) {
        CompletableFuture<HttpResponse<BodyReader>> exchange;
        AtomicReference<BodyReader> body = new AtomicReference<>();
        EagerHandler<BodyReader> reader = info -> {
            body.set(bodies.reader(config.limits().bodySize(), info));
            return body.get();
        };
        try {
            prepared = requests.prepare(target, config, prepared);
            exchange = prepared.client().sendAsync(prepared.request(), reader);
        } catch (ScrapeException e) {
            attempt.failed(e);
            return;
        } catch (IOException | IllegalArgumentException e) {
            attempt.failed(failure(target, e));
            return;
        }
        Clockwork.Task timeout = clockwork.after(target.timeoutMs(), () -> {
            // First the attempt, so that this is the reason given and not the cancellation.
            attempt.failed(failure(target, new HttpTimeoutException("context deadline exceeded")));
            exchange.cancel(true);
            abandon(body.get());
        });
        CompletableFuture<?> unused = exchange.whenComplete((response, error) -> {
            timeout.cancel();
            if (attempt.isOver()) {
                abandon(body.get());
            } else {
                clockwork.work(() -> finish(target, config, attempt, response, error));
            }
        });
    }

    private static void abandon(BodyReader body) {
        if (body != null) {
            body.abandon();
        }
    }

    private void finish(
            Target target, ScrapeConfig config, Attempt attempt, HttpResponse<BodyReader> response, Throwable error) {
        if (error != null) {
            attempt.failed(failure(target, error));
            return;
        }
        try {
            attempt.page(bodies.page(response, config.exposition().fallbackScrapeProtocol()));
        } catch (ScrapeException e) {
            abandon(response.body());
            attempt.failed(e);
        }
    }

    private static ScrapeException failure(Target target, Throwable error) {
        return new ScrapeException("Get \"" + target.url() + "\": " + NoAnswer.why(error));
    }
}
