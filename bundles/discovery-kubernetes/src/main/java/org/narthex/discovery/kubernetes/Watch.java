package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.narthex.api.discovery.Json;
import org.narthex.api.http.HttpClients;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps up with the objects of one kind in one namespace: lists them, watches from there, and lists anew when the server no longer knows where that was.
 * What goes wrong is tried again, ever less often, up to half a minute. Everything happens on the executor, one thing at a time.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int PAGE = 500;
    /** How long a watch is asked to last; the server ends it, and it is begun again. */
    private static final int WATCH_SECONDS = 300;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long RETRY_MS = 250;
    private static final long MAX_RETRY_MS = 30_000;
    private static final int UNAUTHORIZED = 401;
    private static final int GONE = 410;

    /** Told of what happens, by the executor. */
    interface Listener {
        /** All objects there are, by key. */
        void listed(Watch watch, Map<String, Json> objects);

        /** @param object absent if it was deleted */
        void changed(Watch watch, String key, Json object);

        void failed(Watch watch, Throwable failure);
    }

    private final HttpClients clients;
    private final Access.Login login;
    private final URI collection;
    private final String selection;
    private final Resource resource;
    private final ScheduledExecutorService executor;
    private final Listener listener;
    private int failures;
    private boolean closed;
    private CompletableFuture<?> exchange;
    private Flow.Subscription lines;
    private ScheduledFuture<?> watchdog;

    /** @param namespace empty for all */
    Watch(
            HttpClients clients,
            Access access,
            Resource resource,
            String namespace,
            KubernetesSettings.Selector selector,
            ScheduledExecutorService executor,
            Listener listener) {
        this.clients = clients;
        this.login = access.login();
        this.resource = resource;
        this.executor = executor;
        this.listener = listener;
        collection = access.server().resolve(resource.path(namespace));
        selection = parameter("labelSelector", selector.label()) + parameter("fieldSelector", selector.field());
    }

    Resource resource() {
        return resource;
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    void begin() {
        later(this::list, 0);
    }

    private synchronized void later(Runnable task, long delayMs) {
        if (!closed) {
            ScheduledFuture<?> unused = executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        }
    }

    private void list() {
        page("", new LinkedHashMap<>());
    }

    private void page(String from, Map<String, Json> sofar) {
        String query = "?limit=" + PAGE + selection + parameter("continue", from);
        send(query, HttpResponse.BodyHandlers.ofByteArray(), response -> {
            if (response.statusCode() == GONE && !from.isEmpty()) {
                // The list changed too much since its first page.
                list();
                return;
            }
            if (response.statusCode() != 200) {
                throw new IOException(collection + ": server returned HTTP status " + response.statusCode());
            }
            Json page = Json.parse(response.body());
            for (Json object : page.items("items")) {
                sofar.put(Cluster.key(object), object);
            }
            String more = page.get("metadata", "continue").text();
            if (more.isEmpty()) {
                listener.listed(this, sofar);
                failures = 0;
                watch(page.get("metadata", "resourceVersion").text());
            } else {
                page(more, sofar);
            }
        });
    }

    private void watch(String version) {
        String query = "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + WATCH_SECONDS + selection
                + parameter("resourceVersion", version);
        Lines reader = new Lines(version);
        send(
                query,
                info -> info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.fromLineSubscriber(
                                reader, unused -> null, StandardCharsets.UTF_8, null)
                        : HttpResponse.BodySubscribers.replacing(null),
                response -> {
                    if (response.statusCode() == GONE) {
                        list();
                    } else if (response.statusCode() != 200) {
                        throw new IOException(collection + ": server returned HTTP status " + response.statusCode());
                    } else {
                        ended(reader);
                    }
                });
    }

    /** A watch that lasted as long as it should: on from where it was. */
    private void ended(Lines reader) {
        if (reader.isLost) {
            list();
        } else if (reader.seen) {
            watch(reader.version);
        } else {
            // A server that ends every watch at once must not be asked without a pause.
            later(() -> watch(reader.version), RETRY_MS);
        }
    }

    /** What to do with an answer. */
    private interface Answer<T> {
        void take(HttpResponse<T> response) throws IOException;
    }

    private <T> void send(String query, HttpResponse.BodyHandler<T> handler, Answer<T> then) {
        try {
            HttpClients.Client client = clients.client(login.http());
            CompletableFuture<HttpResponse<T>> sent = client.http()
                    .sendAsync(
                            client.request(URI.create(collection + query))
                                    .timeout(TIMEOUT)
                                    .header("Accept", "application/json")
                                    .header("User-Agent", "Narthex")
                                    .build(),
                            handler);
            synchronized (this) {
                if (closed) {
                    sent.cancel(true);
                    return;
                }
                exchange = sent;
            }
            CompletableFuture<?> unused =
                    sent.whenCompleteAsync((response, failure) -> answered(response, failure, then), executor);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private <T> void answered(HttpResponse<T> response, Throwable failure, Answer<T> then) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        if (failure != null) {
            fail(failure);
            return;
        }
        if (response.statusCode() == UNAUTHORIZED) {
            login.refused();
        }
        try {
            then.take(response);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** After a failure everything is listed anew: what was missed meanwhile is not known. */
    private void fail(Throwable failure) {
        listener.failed(this, failure);
        long wait = Math.min(MAX_RETRY_MS, RETRY_MS << Math.min(failures++, 20));
        later(this::list, wait);
    }

    /** Takes the lines of a watch, each an event, one after the other. */
    private final class Lines implements Flow.Subscriber<String> {
        private String version;
        private boolean isLost;
        private boolean seen;
        private Flow.Subscription subscription;

        Lines(String version) {
            this.version = version;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            synchronized (Watch.this) {
                lines = given;
            }
            restart();
            given.request(1);
        }

        /** A connection that died silently would never end by itself. */
        private void restart() {
            synchronized (Watch.this) {
                if (watchdog != null) {
                    watchdog.cancel(false);
                }
                if (!closed) {
                    watchdog = executor.schedule(
                            () -> {
                                CompletableFuture<?> silent;
                                synchronized (Watch.this) {
                                    silent = exchange;
                                }
                                if (silent != null) {
                                    silent.completeExceptionally(
                                            new IOException(collection + ": the watch fell silent"));
                                }
                                subscription.cancel();
                            },
                            WATCH_SECONDS + TIMEOUT.toSeconds(),
                            TimeUnit.SECONDS);
                }
            }
        }

        @Override
        public void onNext(String line) {
            executor.execute(() -> {
                synchronized (Watch.this) {
                    if (closed) {
                        return;
                    }
                }
                try {
                    take(line);
                } catch (RuntimeException e) {
                    // An object like none expected must not end the watch of all others: everything is listed anew.
                    LOG.warn("kubernetes discovery: an event of {} cannot be understood", collection, e);
                    isLost = true;
                }
                subscription.request(1);
            });
        }

        private void take(String line) {
            Json event;
            try {
                event = Json.parse(line);
            } catch (IOException e) {
                // Half a line, as when the server ends: begin anew.
                isLost = true;
                return;
            }
            seen = true;
            Json object = event.get("object");
            switch (event.text("type")) {
                case "ADDED", "MODIFIED" -> listener.changed(Watch.this, Cluster.key(object), object);
                case "DELETED" -> listener.changed(Watch.this, Cluster.key(object), Json.ABSENT);
                case "ERROR" -> isLost = true;
                default -> {}
            }
            String at = object.get("metadata", "resourceVersion").text();
            version = at.isEmpty() ? version : at;
        }

        @Override
        public void onError(Throwable failure) {
            // The exchange fails with it.
        }

        @Override
        public void onComplete() {
            // The exchange ends with it.
        }
    }

    synchronized void close() {
        closed = true;
        if (exchange != null) {
            exchange.cancel(true);
        }
        if (lines != null) {
            lines.cancel();
        }
        if (watchdog != null) {
            watchdog.cancel(false);
        }
    }
}
