package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Test;
import org.narthex.api.scrape.TextExposition;

class AlertmanagerRequestsTest {
    private static final FilterChain OK = (request, response) -> ((HttpServletResponse) response).setStatus(200);

    private final FakeAlertmanager alertmanager = new FakeAlertmanager();
    private final AlertmanagerRequests requests;

    AlertmanagerRequestsTest() {
        LiveServices services = Fakes.services();
        services.setAlertmanager(alertmanager);
        requests = new AlertmanagerRequests(services, 1);
    }

    private FakeHttp ask(String method, String path, FilterChain chain) throws IOException, ServletException {
        FakeHttp http = new FakeHttp();
        requests.doFilter(http.request(method, path), http.response(), chain);
        return http;
    }

    private String metrics() throws IOException {
        TextExposition text = new TextExposition();
        requests.collect(text);
        FakeHttp http = new FakeHttp();
        text.writeTo(http.body);
        return http.text();
    }

    @Test
    void countsRequestsOfTheApiAlone() throws Exception {
        ask("GET", "/api/v2/alerts", OK);
        ask("DELETE", "/api/v2/silence/11111111-2222-3333-4444-555555555555", OK);
        ask("GET", "/api/v2/invented", OK);
        ask("GET", "/api/v1/alerts", OK);
        assertThat(metrics())
                .contains(
                        "alertmanager_http_request_duration_seconds_count{code=\"200\",handler=\"/api/v2/alerts\",method=\"get\"} 1\n")
                .contains(
                        "alertmanager_http_request_duration_seconds_bucket{code=\"200\",handler=\"/api/v2/silence/{silenceID}\",method=\"delete\",le=\"+Inf\"} 1\n")
                .contains("alertmanager_http_requests_in_flight{method=\"get\"} 0\n")
                .doesNotContain("invented")
                .doesNotContain("v1");
        alertmanager.on = false;
        assertThat(metrics()).isEmpty();
    }

    @Test
    void tellsTheSizeOfAnswers() throws Exception {
        FakeHttp answer = ask("GET", "/api/v2/alerts", (request, response) -> {
            response.getOutputStream().write(new byte[150]);
            response.getOutputStream().write(1);
        });
        assertThat(answer.body.size()).isEqualTo(151);
        assertThat(metrics())
                .contains(
                        "alertmanager_http_response_size_bytes_bucket{handler=\"/api/v2/alerts\",method=\"get\",le=\"100\"} 0\n")
                .contains("alertmanager_http_response_size_bytes_sum{handler=\"/api/v2/alerts\",method=\"get\"} 151\n");
    }

    @Test
    void letsNoMoreQuestionsInThanItMay() throws Exception {
        FakeHttp outer = ask("GET", "/api/v2/alerts", (request, response) -> {
            FakeHttp inner = ask("GET", "/api/v2/status", OK);
            assertThat(inner.status).isEqualTo(503);
            assertThat(inner.text()).isEqualTo("Limit of concurrent GET requests reached (1), try again later.\n");
            assertThat(ask("POST", "/api/v2/alerts", OK).status)
                    .as("alerts come in all the same")
                    .isEqualTo(200);
            OK.doFilter(request, response);
        });
        assertThat(outer.status).isEqualTo(200);
        assertThat(ask("GET", "/api/v2/status", OK).status).isEqualTo(200);
        assertThat(metrics()).contains("alertmanager_http_concurrency_limit_exceeded_total{method=\"get\"} 1\n");
    }
}
