package org.narthex.probe;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.narthex.api.http.HttpClients;

/** Makes the requests of one probe: headers, credentials, and the cookies that redirects set. Used by one thread. */
final class HttpQuestions {
    private static final String COOKIE = "Cookie";
    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final HttpSettings settings;
    private final HttpClients.Client client;
    private final URI target;
    private final ProbeRun run;
    private final CookieManager cookies = new CookieManager();

    HttpQuestions(HttpSettings settings, HttpClients.Client client, URI target, ProbeRun run) {
        this.settings = settings;
        this.client = client;
        this.target = target;
        this.run = run;
    }

    /** Another name of the target's server than that of its URL, where the request or the module gives one. */
    private Optional<String> name(URI uri) {
        if (!uri.getRawAuthority().equalsIgnoreCase(target.getRawAuthority())) {
            return Optional.empty();
        }
        return run.hostname().isEmpty() ? settings.host() : Optional.of(run.hostname());
    }

    /** The name that is expected in the server's certificate, unless the settings say another. */
    String serverName(URI uri) throws IOException {
        Optional<String> name = name(uri);
        try {
            return name.isPresent() ? HostPort.parse(name.get(), 1).host() : HttpRoutes.bare(uri.getHost());
        } catch (UnknownHostException e) {
            throw new IOException("the header Host is no host: " + e.getMessage(), e);
        }
    }

    /** Credentials go to the target's host alone. */
    HttpQuestion to(URI uri, String method, boolean withBody) throws IOException {
        boolean sameHost = uri.getHost().equalsIgnoreCase(target.getHost());
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        List<String> cookie = new ArrayList<>();
        for (Map.Entry<String, String> header : settings.headers().entrySet()) {
            if ((!sameHost && isSecret(header.getKey())) || header.getKey().equalsIgnoreCase("Host")) {
                continue;
            }
            if (header.getKey().equalsIgnoreCase(COOKIE)) {
                cookie.add(header.getValue());
            } else {
                headers.add(header);
            }
        }
        if (sameHost) {
            configured(uri).forEach(header -> {
                if (!isForProxy(header.getKey())) {
                    headers.add(header);
                }
            });
            token().ifPresent(value -> headers.add(Map.entry("Authorization", value)));
        }
        cookie.addAll(cookies.get(uri, Map.of()).getOrDefault(COOKIE, List.of()));
        if (!cookie.isEmpty()) {
            headers.add(Map.entry(COOKIE, String.join("; ", cookie)));
        }
        addIfAbsent(headers, "User-Agent", "Narthex");
        if (!settings.compression().isEmpty()) {
            addIfAbsent(headers, "Accept-Encoding", settings.compression());
        }
        HttpText body = withBody ? settings.content() : HttpText.NONE;
        return new HttpQuestion(uri, method, name(uri).orElse(uri.getRawAuthority()), headers, body);
    }

    private static boolean isSecret(String header) {
        return header.equalsIgnoreCase("Authorization") || header.equalsIgnoreCase(COOKIE);
    }

    private static void addIfAbsent(List<Map.Entry<String, String>> headers, String name, String value) {
        if (headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase(name))) {
            headers.add(Map.entry(name, value));
        }
    }

    /** What a proxy before the URL is to be told. */
    List<Map.Entry<String, String>> forProxy(URI uri) throws IOException {
        return configured(uri).stream()
                .filter(header -> isForProxy(header.getKey()))
                .toList();
    }

    private boolean isForProxy(String header) {
        return header.equalsIgnoreCase(PROXY_AUTHORIZATION)
                || settings.client().proxy().connectHeaders().keySet().stream().anyMatch(header::equalsIgnoreCase);
    }

    /** What the settings of HTTP clients add to a request. */
    private List<Map.Entry<String, String>> configured(URI uri) throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        client.request(uri)
                .build()
                .headers()
                .map()
                .forEach((name, values) -> values.forEach(value -> headers.add(Map.entry(name, value))));
        return headers;
    }

    private Optional<String> token() throws IOException {
        try {
            return client.accessToken().get(run.remainingMs(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("oauth2: no token came in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopping", e);
        }
    }

    /** Keeps the cookies that an answer sets. */
    void learn(URI uri, HttpHead head) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Set-Cookie", head.values("Set-Cookie"));
        cookies.put(uri, headers);
    }
}
