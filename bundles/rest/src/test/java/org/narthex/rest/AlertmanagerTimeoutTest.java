package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlertmanagerTimeoutTest {
    private AlertmanagerTimeout timeout = new AlertmanagerTimeout(20);

    @AfterEach
    void stop() {
        timeout.stop();
    }

    private FakeHttp ask(FilterChain chain) throws IOException, ServletException {
        FakeHttp http = new FakeHttp();
        timeout.doFilter(http.request("GET", "/api/v2/alerts"), http.response(), chain);
        assertThat(Thread.interrupted()).as("the worker goes on with others").isFalse();
        return http;
    }

    private static void waitForEver() throws ServletException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServletException("interrupted", e);
        }
    }

    @Test
    void endsWhatTakesTooLong() throws Exception {
        FakeHttp answer = ask((request, response) -> waitForEver());
        assertThat(answer.status).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("Exceeded configured timeout of 20ms.\n");
    }

    @Test
    void takesNoAnswerThatComesTooLate() throws Exception {
        FakeHttp answer = ask((request, response) -> {
            try {
                waitForEver();
            } catch (ServletException e) {
                response.getOutputStream().write(new byte[] {'[', ']'});
            }
        });
        assertThat(answer.status).isEqualTo(503);
        assertThat(answer.text()).startsWith("Exceeded");
    }

    @Test
    void breaksOffAnAnswerThatIsOnItsWay() {
        assertThatThrownBy(() -> ask((request, response) -> {
                    response.getOutputStream().write('[');
                    waitForEver();
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer took longer than 20ms");
    }

    @Test
    void leavesOthersAlone() throws Exception {
        timeout.stop();
        timeout = new AlertmanagerTimeout(60_000);
        assertThat(ask((request, response) -> response.getOutputStream().write('x'))
                        .text())
                .isEqualTo("x");
        assertThatThrownBy(() -> ask((request, response) -> {
                    throw new IOException("its own");
                }))
                .hasMessage("its own");
        timeout.stop();
        timeout = new AlertmanagerTimeout(0);
        assertThat(ask((request, response) -> response.getOutputStream().write('x'))
                        .text())
                .isEqualTo("x");
    }
}
