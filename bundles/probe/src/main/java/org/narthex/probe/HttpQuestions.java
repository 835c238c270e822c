package org.narthex.probe;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
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
    private static final String AUTHORIZATION = "Authorization";
    private static final String COOKIE = "Cookie";
    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final HttpSettings settings;
    private final HttpClients.Client client;
    private final HttpUrl target;
    private final ProbeRun run;
    private final CookieManager cookies = new CookieManager();

    HttpQuestions(HttpSettings settings, HttpClients.Client client, HttpUrl target, ProbeRun run) {
        this.settings = settings;
        this.client = client;
        this.target = target;
        this.run = run;
    }

    /** Another name of the target's server than that of its URL, where the request or the module gives one. */
    private Optional<String> name(HttpUrl url) {
        if (!url.authority().equalsIgnoreCase(target.authority())) {
            return Optional.empty();
        }
        return run.hostname().isEmpty() ? settings.host() : Optional.of(run.hostname());
    }

    /** The name that is expected in the server's certificate, unless the settings say another. */
    String serverName(HttpUrl url) throws IOException {
        Optional<String> name = name(url);
        try {
            return name.isPresent() ? HostPort.parse(name.get(), 1).host() : url.host();
        } catch (UnknownHostException e) {
            throw new IOException("the header Host is no host: " + e.getMessage(), e);
        }
    }

    /** Credentials go to the target's host alone. */
    HttpQuestion to(HttpUrl url, String method, boolean withBody) throws IOException {
        boolean sameHost = url.host().equalsIgnoreCase(target.host());
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
            configured(url).forEach(header -> {
                if (!isForProxy(header.getKey())) {
                    headers.add(header);
                }
            });
            token().ifPresent(value -> headers.add(Map.entry(AUTHORIZATION, value)));
        }
        if (!url.userInfo().isEmpty()) {
            addIfAbsent(headers, AUTHORIZATION, basic(url.userInfo()));
        }
        cookie.addAll(cookies.get(url.uri(), Map.of()).getOrDefault(COOKIE, List.of()));
        if (!cookie.isEmpty()) {
            headers.add(Map.entry(COOKIE, String.join("; ", cookie)));
        }
        addIfAbsent(headers, "User-Agent", "Narthex");
        if (!settings.compression().isEmpty()) {
            addIfAbsent(headers, "Accept-Encoding", settings.compression());
        }
        HttpText body = withBody ? settings.content() : HttpText.NONE;
        return new HttpQuestion(url, method, name(url).orElse(url.authority()), headers, body);
    }

    /** User and password of a URL. */
    private static String basic(String userInfo) throws IOException {
        try {
            String pair = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
            String whole = userInfo.contains(":") ? pair : pair + ":";
            return "Basic " + Base64.getEncoder().encodeToString(whole.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IOException("user and password of the URL are not written as they must be", e);
        }
    }

    private static boolean isSecret(String header) {
        return header.equalsIgnoreCase(AUTHORIZATION) || header.equalsIgnoreCase(COOKIE);
    }

    private static void addIfAbsent(List<Map.Entry<String, String>> headers, String name, String value) {
        if (headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase(name))) {
            headers.add(Map.entry(name, value));
        }
    }

    /** What a proxy before the URL is to be told. */
    List<Map.Entry<String, String>> forProxy(HttpUrl url) throws IOException {
        return configured(url).stream()
                .filter(header -> isForProxy(header.getKey()))
                .toList();
    }

    private boolean isForProxy(String header) {
        return header.equalsIgnoreCase(PROXY_AUTHORIZATION)
                || settings.client().proxy().connectHeaders().keySet().stream().anyMatch(header::equalsIgnoreCase);
    }

    /** What the settings of HTTP clients add to a request. */
    private List<Map.Entry<String, String>> configured(HttpUrl url) throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        client.request(url.uri())
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
    void learn(HttpUrl url, HttpHead head) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Set-Cookie", head.values("Set-Cookie"));
        cookies.put(url.uri(), headers);
    }
}
