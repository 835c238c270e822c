package org.narthex.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    public boolean probe(ProbeRun run) throws IOException {
        URI uri = uri(run.target().matches("https?://.*") ? run.target() : "http://" + run.target());
        Durations durations = new Durations();
        HttpExchange.Answer answer = null;
        int redirects = 0;
        try {
            answer = exchange(uri, uri, settings.method(), run, durations);
            String method = settings.method();
            while (settings.followRedirects() && isRedirect(answer)) {
                if (redirects == MAX_REDIRECTS) {
                    return run.fails("The probe was redirected more than " + MAX_REDIRECTS + " times");
                }
                redirects++;
                method = redirected(method, answer.status());
                URI next = uri(uri.resolve(uri(answer.header("Location").orElseThrow()))
                        .toString());
                run.log("Received redirect location=" + next);
                answer = exchange(next, uri, method, run, durations);
                uri = next;
            }
        } finally {
            durations.report(run);
            report(answer, redirects, run);
        }
        return isGood(answer, run);
    }

    private static URI uri(String text) throws IOException {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null && uri.getHost() == null) {
                throw new IOException("could not parse target URL " + text + ": no host");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IOException("could not parse target URL " + text + ": " + e.getReason(), e);
        }
    }

    private static boolean isRedirect(HttpExchange.Answer answer) {
        return switch (answer.status()) {
            case 301, 302, SEE_OTHER, TEMPORARY, PERMANENT ->
                answer.header("Location").isPresent();
            default -> false;
        };
    }

    private static String redirected(String method, int status) {
        boolean keeps = status == TEMPORARY || status == PERMANENT || method.equals("HEAD");
        return keeps ? method : "GET";
    }

    private HttpExchange.Answer exchange(URI uri, URI first, String method, ProbeRun run, Durations durations)
            throws IOException {
        if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw new IOException("unsupported protocol scheme of " + uri);
        }
        String host = HttpExchange.bare(uri.getHost());
        boolean isFirst = uri.equals(first);
        IpProtocol.Found found;
        if (settings.proxy().isPresent()) {
            found = settings.protocol().find(settings.proxy().get().host());
        } else {
            found = isFirst
                    ? settings.protocol().resolve(host, run)
                    : settings.protocol().find(host);
        }
        InetAddress address = found.address();
        durations.resolve += found.seconds();
        boolean sameHost = uri.getHost().equalsIgnoreCase(first.getHost());
        String named = isFirst && !run.hostname().isEmpty() ? run.hostname() : host;
        run.log("Making HTTP request url=" + uri + " ip=" + address.getHostAddress());
        byte[] body = method.equals(settings.method()) ? settings.content() : new byte[0];
        HttpExchange.Answer answer = new HttpExchange(settings, tls, run)
                .ask(uri, address, named, method, headers(uri, isFirst, sameHost, run), body);
        durations.add(answer.phases());
        run.log("Received HTTP response status_code=" + answer.status());
        return answer;
    }

    /** Credentials go to the first host alone. */
    private List<Map.Entry<String, String>> headers(URI uri, boolean isFirst, boolean sameHost, ProbeRun run)
            throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String host = isFirst && !run.hostname().isEmpty() ? run.hostname() : uri.getRawAuthority();
        boolean agent = false;
        for (Map.Entry<String, String> header : settings.headers().entrySet()) {
            if (header.getKey().equalsIgnoreCase("Host")) {
                host = isFirst ? header.getValue() : host;
            } else if (sameHost || !isSecret(header.getKey())) {
                headers.add(header);
                agent |= header.getKey().equalsIgnoreCase("User-Agent");
            }
        }
        headers.add(0, Map.entry("Host", host));
        if (!agent) {
            headers.add(Map.entry("User-Agent", "Narthex"));
        }
        if (sameHost) {
            HttpRequest configured = tls.client(settings.client()).request(uri).build();
            configured.headers().map().forEach((name, values) -> {
                if (!isForProxy(name)) {
                    values.forEach(value -> headers.add(Map.entry(name, value)));
                }
            });
        }
        boolean asksForEncoding =
                headers.stream().anyMatch(header -> header.getKey().equalsIgnoreCase("Accept-Encoding"));
        if (!settings.compression().isEmpty() && !asksForEncoding) {
            headers.add(Map.entry("Accept-Encoding", settings.compression()));
        }
        return headers;
    }

    /** Whether it goes to the proxy alone. */
    private boolean isForProxy(String header) {
        return settings.client().proxy().connectHeaders().keySet().stream().anyMatch(header::equalsIgnoreCase);
    }

    private static boolean isSecret(String header) {
        return header.equalsIgnoreCase("Authorization") || header.equalsIgnoreCase("Cookie");
    }

    /** @param answer the last one; null if none came */
    private void report(HttpExchange.Answer answer, int redirects, ProbeRun run) throws IOException {
        boolean ssl = answer != null && answer.session().isPresent();
        number(run, "probe_http_status_code", "Response HTTP status code", answer == null ? 0 : answer.status());
        number(
                run,
                "probe_http_content_length",
                "Length of http content response",
                answer == null ? 0 : (double) answer.contentLength());
        number(run, "probe_http_redirects", "The number of redirects", redirects);
        number(run, "probe_http_ssl", "Indicates if SSL was used for the final redirect", ssl ? 1 : 0);
        double version =
                answer == null ? 0 : Double.parseDouble(answer.version().substring("HTTP/".length()));
        number(run, "probe_http_version", "Returns the version of HTTP of the probe response", version);
        if (answer == null) {
            return;
        }
        answer.header("Last-Modified").ifPresent(text -> lastModified(text, run));
        if (ssl) {
            Tls.report(answer.session().get(), run);
        }
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
        boolean good = settings.accepts(answer.status());
        if (!good) {
            run.fails("Invalid HTTP response status code " + answer.status());
        }
        String encoding = answer.header("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
        String asked = settings.compression();
        if (!asked.isEmpty() && !asked.equals("identity") && !encoding.equals(asked)) {
            good = run.fails("The answer is not packed by " + asked);
        }
        HttpText body = asked.isEmpty() ? answer.body() : answer.body().unpacked(encoding, settings.bodySizeLimit());
        number(run, "probe_http_uncompressed_body_length", "Length of uncompressed response body", body.length());
        if (good && HttpChecks.areAny(settings)) {
            good = HttpChecks.pass(settings, answer, body, run);
        }
        if (!settings.validVersions().isEmpty() && !settings.validVersions().contains(answer.version())) {
            good = run.fails("Invalid HTTP version number version=" + answer.version());
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
