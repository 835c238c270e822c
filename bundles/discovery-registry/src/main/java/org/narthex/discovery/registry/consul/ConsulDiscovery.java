package org.narthex.discovery.registry.consul;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.narthex.api.discovery.Json;
import org.narthex.api.http.HttpClients;
import org.narthex.api.http.NoAnswer;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One section at work, by blocking queries: each is answered when something changed, and is asked again after the refresh interval at the earliest. The
 * catalogue says which services there are, and each of those is watched by itself.
 */
final class ConsulDiscovery implements DiscoveryProvider.Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulDiscovery.class);
    /** A query waits for two minutes and a little more, as the server has it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(135);

    private static final long RETRY_MS = 500;
    private static final long MAX_RETRY_MS = 15_000;

    /** What to do with an answer. */
    private interface Answer {
        void take(Json body) throws IOException;
    }

    /** A question asked again and again. */
    private final class Question {
        private final Answer answer;
        private final java.util.function.LongFunction<URI> uri;
        private long index;
        private long askedAtNanos;
        private int failures;
        private boolean ended;
        private CompletableFuture<?> exchange;

        Question(java.util.function.LongFunction<URI> uri, Answer answer) {
            this.uri = uri;
            this.answer = answer;
        }

        void ask() {
            synchronized (ConsulDiscovery.this) {
                if (ended || closed) {
                    return;
                }
                askedAtNanos = System.nanoTime();
                try {
                    HttpClients.Client client = clients.client(settings.http());
                    HttpRequest.Builder request =
                            client.request(uri.apply(index)).timeout(TIMEOUT).header("User-Agent", "Narthex");
                    if (!settings.token().isEmpty()) {
                        request.header("X-Consul-Token", settings.token());
                    }
                    CompletableFuture<HttpResponse<byte[]>> sent =
                            client.http().sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                    exchange = sent;
                    CompletableFuture<?> unused = sent.whenCompleteAsync(this::answered, executor);
                } catch (IOException | RuntimeException e) {
                    failed(e);
                }
            }
        }

        private void answered(HttpResponse<byte[]> response, Throwable failure) {
            synchronized (ConsulDiscovery.this) {
                if (ended || closed) {
                    return;
                }
                if (failure != null) {
                    failed(failure);
                    return;
                }
                try {
                    if (response.statusCode() != 200) {
                        throw new IOException("server returned HTTP status " + response.statusCode());
                    }
                    long now = Long.parseLong(
                            response.headers().firstValue("X-Consul-Index").orElse("0"));
                    // The same index: nothing changed while it waited. A smaller one: the server began anew.
                    if (now == 0 || now != index) {
                        answer.take(Json.parse(response.body()));
                    }
                    index = now < index ? 0 : now;
                    works();
                    failures = 0;
                    long passed = (System.nanoTime() - askedAtNanos) / 1_000_000;
                    again(Math.max(0, settings.refreshMs() - passed));
                } catch (IOException | RuntimeException e) {
                    failed(e);
                }
            }
        }

        private void failed(Throwable failure) {
            metrics.failed();
            fails(failure);
            again(Math.min(MAX_RETRY_MS, RETRY_MS << Math.min(failures++, 10)));
        }

        private void again(long delayMs) {
            ScheduledFuture<?> unused = executor.schedule(this::ask, delayMs, TimeUnit.MILLISECONDS);
        }

        void end() {
            ended = true;
            if (exchange != null) {
                exchange.cancel(true);
            }
        }
    }

    private final ConsulSettings settings;
    private final HttpClients clients;
    private final ScheduledExecutorService executor;
    private final DiscoveryProvider.Listener listener;
    private final ConsulMetrics metrics;
    private final Map<String, Question> services = new HashMap<>();
    private Question catalogue;
    private String datacenter;
    private boolean fails;
    private boolean closed;

    ConsulDiscovery(
            ConsulSettings settings,
            HttpClients clients,
            ScheduledExecutorService executor,
            DiscoveryProvider.Listener listener,
            ConsulMetrics metrics) {
        this.settings = settings;
        this.clients = clients;
        this.executor = executor;
        this.listener = listener;
        this.metrics = metrics;
        datacenter = settings.datacenter();
    }

    /** Each group is labelled by the datacenter, which the agent is asked for where it is not given. */
    void begin() {
        synchronized (this) {
            if (datacenter.isEmpty()) {
                catalogue = new Question(index -> settings.self(), this::takeDatacenter);
                catalogue.ask();
            } else {
                watch();
            }
        }
    }

    private void takeDatacenter(Json self) throws IOException {
        String name = self.get("Config", "Datacenter").text();
        if (name.isEmpty()) {
            throw new IOException("the agent does not say its datacenter");
        }
        datacenter = name;
        catalogue.end();
        watch();
    }

    private void watch() {
        if (settings.watchesCatalogue()) {
            catalogue = new Question(settings::catalogue, this::takeCatalogue);
            catalogue.ask();
        } else {
            settings.services().forEach(this::watch);
        }
    }

    private void watch(String service) {
        Question question = new Question(
                index -> settings.health(service, index),
                instances -> listener.update(
                        List.of(ConsulLabels.group(service, datacenter, settings.tagSeparator(), instances))));
        services.put(service, question);
        question.ask();
    }

    private void takeCatalogue(Json catalogueNow) {
        Set<String> wanted = new HashSet<>();
        catalogueNow.entries().forEach((service, tags) -> {
            if (settings.wants(service, tags.items().stream().map(Json::text).toList())) {
                wanted.add(service);
            }
        });
        List<TargetGroup> gone = new ArrayList<>();
        services.entrySet().removeIf(entry -> {
            if (wanted.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().end();
            gone.add(new TargetGroup(entry.getKey(), List.of(), Labels.EMPTY));
            return true;
        });
        wanted.removeAll(services.keySet());
        wanted.forEach(this::watch);
        if (!gone.isEmpty() || services.isEmpty()) {
            listener.update(gone);
        }
    }

    private void fails(Throwable failure) {
        if (!fails) {
            fails = true;
            LOG.warn(
                    "consul discovery at {} failed, its last good targets stay: {}",
                    settings.base(),
                    NoAnswer.why(failure));
        }
    }

    private void works() {
        if (fails) {
            fails = false;
            LOG.info("consul discovery at {} works again", settings.base());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (catalogue != null) {
            catalogue.end();
        }
        services.values().forEach(Question::end);
    }
}
