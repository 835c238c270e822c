package org.narthex.probe;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.narthex.api.http.HttpClients;
import org.narthex.api.model.MetricType;

/** The prober {@code http}: asks, follows redirects, and looks at what came. */
final class HttpProber implements Prober {
    private static final int MAX_REDIRECTS = 10;
    private static final int SEE_OTHER = 303;
    private static final int TEMPORARY = 307;
    private static final int PERMANENT = 308;

    private final HttpSettings settings;
    private final Tls tls;

    HttpProber(HttpSettings settings, Supplier<HttpClients> clients) {
        this.settings = settings;
        tls = new Tls(clients, settings.client().tls());
    }

    /** Seconds of all steps of all exchanges. */
    private static final class Durations {
        double resolve;
        double connect;
        double tls;
        double processing;
        double transfer;

        void add(HttpExchange.Phases phases) {
            connect += phases.connect();
            tls += phases.tls();
            processing += phases.processing();
            transfer += phases.transfer();
        }

        void report(ProbeRun run) {
            String name = "probe_http_duration_seconds";
            run.metrics()
                    .family(name, MetricType.GAUGE, "Duration of http request by phase, summed over all redirects");
            run.metrics().sample(name, connect, "phase", "connect");
            run.metrics().sample(name, processing, "phase", "processing");
            run.metrics().sample(name, resolve, "phase", "resolve");
            run.metrics().sample(name, tls, "phase", "tls");
            run.metrics().sample(name, transfer, "phase", "transfer");
        }
    }

    @Override
    public Optional<String> refuses(ProbeRun run) {
        return settings.host()
                .filter(host -> !run.hostname().isEmpty() && !host.equals(run.hostname()))
                .map(host -> "host header defined both in module configuration (" + host
                        + ") and with URL-parameter 'hostname' (" + run.hostname() + ")");
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        HttpUrl url = HttpUrl.parse(run.target().matches("https?://.*") ? run.target() : "http://" + run.target());
        run.failedByRegex(false);
        HttpClients.Client client = tls.client(settings.client());
        HttpQuestions questions = new HttpQuestions(settings, client, url, run);
        HttpRoutes routes = new HttpRoutes(settings, client, run);
        Durations durations = new Durations();
        HttpExchange.Answer answer = null;
        int redirects = 0;
        try {
            HttpQuestion question = questions.to(url, settings.method(), true);
            answer = exchange(question, questions, routes.to(url, true), run, durations);
            while (isRedirect(answer.head())) {
                redirects++;
                HttpHead head = answer.head();
                if (!settings.followRedirects() || redirects > MAX_REDIRECTS) {
                    run.log("Not following redirect location="
                            + head.header("Location").orElseThrow());
                    break;
                }
                answer = null;
                question = redirected(question, head, questions);
                run.log("Received redirect location=" + question.url());
                HttpRoute route = routes.to(question.url(), false);
                answer = exchange(question, questions, route, run, durations);
            }
        } finally {
            durations.report(run);
            report(answer, redirects, run);
        }
        return isGood(answer, run);
    }

    private static boolean isRedirect(HttpHead head) {
        return switch (head.status()) {
            case 301, 302, SEE_OTHER, TEMPORARY, PERMANENT ->
                head.header("Location").isPresent();
            default -> false;
        };
    }

    private static HttpQuestion redirected(HttpQuestion last, HttpHead head, HttpQuestions questions)
            throws IOException {
        HttpUrl next = last.url().resolve(head.header("Location").orElseThrow());
        boolean same = head.status() == TEMPORARY || head.status() == PERMANENT;
        String method = same || last.method().equals("HEAD") ? last.method() : "GET";
        return questions.to(next, method, same && last.body().length() > 0);
    }

    private HttpExchange.Answer exchange(
            HttpQuestion question, HttpQuestions questions, HttpRoute route, ProbeRun run, Durations durations)
            throws IOException {
        durations.resolve += route.resolveSeconds();
        run.log("Making HTTP request url=" + question.url() + " host=" + question.authority() + " ip="
                + route.first().getAddress().getHostAddress());
        List<Map.Entry<String, String>> forProxy =
                route.throughProxy() ? questions.forProxy(question.url()) : List.of();
        HttpExchange.Answer answer = new HttpExchange(settings, tls, run)
                .ask(question, route, questions.serverName(question.url()), forProxy);
        durations.add(answer.phases());
        questions.learn(question.url(), answer.head());
        run.log("Received HTTP response status_code=" + answer.head().status() + " version="
                + answer.head().version());
        return answer;
    }

    /** @param answer the last one; null if none came */
    private void report(HttpExchange.Answer answer, int redirects, ProbeRun run) throws IOException {
        boolean ssl = answer != null && answer.session().isPresent();
        number(
                run,
                "probe_http_status_code",
                "Response HTTP status code",
                answer == null ? 0 : answer.head().status());
        number(
                run,
                "probe_http_content_length",
                "Length of http content response",
                answer == null ? 0 : (double) answer.contentLength());
        number(run, "probe_http_redirects", "The number of redirects", redirects);
        number(run, "probe_http_ssl", "Indicates if SSL was used for the final redirect", ssl ? 1 : 0);
        double version =
                answer == null ? 0 : Double.parseDouble(answer.head().version().substring("HTTP/".length()));
        number(run, "probe_http_version", "Returns the version of HTTP of the probe response", version);
        if (answer == null) {
            length(run, HttpText.NONE);
            return;
        }
        answer.head().header("Last-Modified").ifPresent(text -> lastModified(text, run));
        if (ssl) {
            Tls.report(answer.session().get(), run);
        }
    }

    private static void length(ProbeRun run, HttpText body) {
        number(run, "probe_http_uncompressed_body_length", "Length of uncompressed response body", body.length());
    }

    private static void number(ProbeRun run, String name, String help, double value) {
        run.metrics().gauge(name, help, value);
    }

    private static void lastModified(String text, ProbeRun run) {
        try {
            double time = (double) ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toEpochSecond();
            number(
                    run,
                    "probe_http_last_modified_timestamp_seconds",
                    "Returns the Last-Modified HTTP response header in unixtime",
                    time);
        } catch (DateTimeException e) {
            run.log("Header Last-Modified is no date: " + text);
        }
    }

    private boolean isGood(HttpExchange.Answer answer, ProbeRun run) throws IOException {
        boolean good = settings.accepts(answer.head().status());
        if (!good) {
            run.fails("Invalid HTTP response status code " + answer.head().status());
        }
        HttpText body = answer.body();
        if (answer.broken().isPresent()) {
            good = run.fails("Failed to read HTTP response body: "
                    + answer.broken().get().getMessage());
        } else {
            try {
                body = body.unpacked(settings.compression(), settings.bodySizeLimit());
            } catch (IOException e) {
                body = HttpText.NONE;
                good = run.fails(
                        "Failed to decompress HTTP response body as " + settings.compression() + ": " + e.getMessage());
            }
        }
        length(run, body);
        if (good && HttpChecks.areAny(settings)) {
            good = HttpChecks.pass(settings, answer.head(), body, run);
        }
        if (!settings.validVersions().isEmpty()
                && !settings.validVersions().contains(answer.head().version())) {
            good = run.fails(
                    "Invalid HTTP version number version=" + answer.head().version());
        }
        if (answer.session().isPresent() && settings.failIfSsl()) {
            good = run.fails("Final request was over SSL");
        }
        if (answer.session().isEmpty() && settings.failIfNotSsl()) {
            good = run.fails("Final request was not over SSL");
        }
        return good;
    }
}
