package org.narthex.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;

import org.junit.jupiter.api.Test;

class UrlHostTest {
    private static void assertHost(String text, String host, int port) {
        URI uri = UrlHost.create(text);
        assertThat(uri.getHost()).as(text).isEqualTo(host);
        assertThat(uri.getPort()).as(text).isEqualTo(port);
        assertThat(uri).hasToString(text);
        if (host != null && uri.getScheme().equals("http")) {
            assertThat(HttpRequest.newBuilder(uri).build().uri()).isEqualTo(uri);
        }
    }

    @Test
    void seesHostsThatNetworksHave() {
        assertHost("http://node_exporter:9100/metrics", "node_exporter", 9100);
        assertHost("http://my_service", "my_service", -1);
        assertHost("http://my_service:/", "my_service", -1);
        assertHost("http://user:pass@my_service:80/a?b=c", "my_service", 80);
        assertHost("http://10.0.0.256:1", "10.0.0.256", 1);
        assertHost("http://-x.y_z.cluster.local:1", "-x.y_z.cluster.local", 1);
        assertHost("http://plain:1", "plain", 1);
        assertHost("http://[::1]:9/", "[::1]", 9);
    }

    @Test
    void staysBlindWhereThereIsNoHost() {
        assertHost("http:///x", null, -1);
        assertHost("http://:80/x", null, -1);
        assertHost("file:/x", null, -1);
        assertHost("a_b", null, -1);
        assertThatThrownBy(() -> UrlHost.parse("http://a b")).isInstanceOf(URISyntaxException.class);
    }

    @Test
    void keepsTheHostOfWhatIsResolvedAgainstIt() {
        assertThat(UrlHost.create("http://my_service:1/a").resolve("/b").getHost())
                .isEqualTo("my_service");
    }
}
