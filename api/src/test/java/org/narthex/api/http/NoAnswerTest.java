package org.narthex.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;

class NoAnswerTest {
    private static String why(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofMillis(300))
                .build();
        try {
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            return "answered";
        } catch (IOException e) {
            return NoAnswer.why(e);
        }
    }

    @Test
    void tellsWhatTheJdksClientKeepsToItself() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
            assertThat(why(url)).isEqualTo("context deadline exceeded");
            server.close();
            assertThat(why(url)).isEqualTo("connection refused");
        }
        assertThat(why("http://nobody.invalid/")).isEqualTo("no such host");
    }

    @Test
    void looksIntoWrappers() {
        assertThat(NoAnswer.why(new CompletionException(new ConnectException("Connection refused"))))
                .isEqualTo("connection refused");
        assertThat(NoAnswer.why(new IOException("x", new UnknownHostException("h"))))
                .isEqualTo("no such host");
        assertThat(NoAnswer.why(new IOException("broken pipe"))).isEqualTo("broken pipe");
        assertThat(NoAnswer.why(new EOFException())).isEqualTo("EOFException");
    }
}
