package org.narthex.http.client;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;

/** Adds an access token to each request. */
final class TokenClient extends PreparingClient {
    private static final String AUTHORIZATION = "Authorization";

    private final AccessTokens tokens;

    TokenClient(HttpClient transport, AccessTokens tokens) {
        super(transport);
        this.tokens = tokens;
    }

    @Override
    CompletableFuture<HttpRequest> prepared(HttpRequest request) {
        return tokens.token()
                .thenApply(
                        token -> copy(request).setHeader(AUTHORIZATION, token).build());
    }

    @Override
    void answered(HttpRequest prepared, int status) {
        if (status == 401) {
            // It was revoked: the next request asks for another one.
            prepared.headers().firstValue(AUTHORIZATION).ifPresent(tokens::forget);
        }
    }
}
