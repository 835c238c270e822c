package org.narthex.scrape;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.EagerHandler;
import org.narthex.api.http.HttpClients;
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
        HttpScrape scrape = new HttpScrape(target, config, attempt);
        try {
            prepared = requests.prepare(target, config, prepared);
            scrape.start(prepared.call());
        } catch (ScrapeException e) {
            attempt.failed(e);
        } catch (IOException | IllegalArgumentException e) {
            attempt.failed(failure(target, e));
        }
    }

    /** One scrape. As handed over: takes the head, then the end of the answer, then works on it; canceled when it is out of time. */
    private final class HttpScrape
            implements EagerHandler<BodyReader>, BiConsumer<HttpResponse<BodyReader>, Throwable>, Runnable {
        private final Target target;
        private final ScrapeConfig config;
        private final Attempt attempt;
        private volatile BodyReader body;
        private HttpResponse<BodyReader> response;
        private Throwable error;
        private Clockwork.Task timeout;

        HttpScrape(Target target, ScrapeConfig config, Attempt attempt) {
            this.target = target;
            this.config = config;
            this.attempt = attempt;
        }

        void start(HttpClients.Call call) {
            CompletableFuture<HttpResponse<BodyReader>> exchange = call.send(this);
            timeout = clockwork.after(target.timeoutMs(), new Timeout(this, exchange));
            CompletableFuture<?> unused = exchange.whenComplete(this);
        }

        @Override
        public BodySubscriber<BodyReader> apply(HttpResponse.ResponseInfo info) {
            BodyReader reader = bodies.reader(config.limits().bodySize(), info);
            body = reader;
            if (attempt.isOver()) {
                // Out of time meanwhile, and whoever was to abandon the body may have found none.
                reader.abandon();
            }
            return reader;
        }

        @Override
        public void accept(HttpResponse<BodyReader> answer, Throwable failure) {
            timeout.cancel();
            if (attempt.isOver()) {
                abandonBody();
                return;
            }
            response = answer;
            error = failure;
            clockwork.work(this);
        }

        @Override
        public void run() {
            if (error != null) {
                attempt.failed(failure(target, error));
                return;
            }
            try {
                attempt.page(bodies.page(response, config.exposition().fallbackScrapeProtocol()));
            } catch (ScrapeException e) {
                abandonBody();
                attempt.failed(e);
            }
        }

        void timeOut(Future<?> exchange) {
            // First the attempt, so that this is the reason given and not the cancellation.
            attempt.failed(failure(target, new HttpTimeoutException("context deadline exceeded")));
            exchange.cancel(true);
            abandonBody();
        }

        private void abandonBody() {
            BodyReader present = body;
            if (present != null) {
                present.abandon();
            }
        }
    }

    private record Timeout(HttpScrape scrape, Future<?> exchange) implements Runnable {
        @Override
        public void run() {
            scrape.timeOut(exchange);
        }
    }

    private static ScrapeException failure(Target target, Throwable error) {
        return new ScrapeException("Get \"" + target.url() + "\": " + NoAnswer.why(error));
    }
}
