package org.narthex.testkit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

/** Clients that heed no settings but a header {@code Authorization}, for tests against a server in the same process. */
public final class PlainHttpClients implements HttpClients {
    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Client client(HttpClientConfig config) {
        return new Client() {
            @Override
            public HttpClient http() {
                return http;
            }

            @Override
            public HttpRequest.Builder request(URI uri) {
                HttpRequest.Builder request = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1);
                config.authorization()
                        .ifPresent(given -> request.header(
                                "Authorization",
                                given.type() + " " + given.credentials().text()));
                return request;
            }
        };
    }
}
