package org.narthex.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.http.HttpClientConfig.Proxy;
import org.narthex.http.client.proxy.ProxyBridge;

class ProxyRouteTest {
    private static ProxyBridge none(URI proxy) {
        throw new AssertionError(proxy + " needs no bridge");
    }

    private static boolean proxied(String rules, String url) throws IOException {
        Proxy proxy = new Proxy("http://proxy:3128", rules, false, Map.of());
        return ProxyRoute.of(proxy, name -> null, ProxyRouteTest::none)
                .to(URI.create(url))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                   | http://a.example/        | false",
                "a.example           | http://a.example/        | false",
                "a.example           | http://b.a.example/      | false",
                "a.example           | http://ba.example/       | true",
                ".a.example          | http://a.example/        | true",
                ".a.example          | http://b.a.example/      | false",
                "*.a.example         | http://b.a.example/      | false",
                "*.a.example         | http://a.example/        | true",
                "A.Example           | http://a.example/        | false",
                "a.example:8080      | http://a.example:8080/   | false",
                "a.example:8080      | http://a.example/        | true",
                "a.example:443       | https://a.example/       | false",
                "x, 10.0.0.0/8       | http://10.20.30.40/      | false",
                "10.0.0.0/8          | http://11.0.0.1/         | true",
                "10.0.0.0/8          | http://ten.example/      | true",
                "192.0.2.1           | http://192.0.2.1:9/      | false",
                "192.0.2.1:80        | http://192.0.2.1:9/      | true",
                "2001:db8::/32       | http://[2001:db8::5]/    | false",
                "2001:db8::5         | http://[2001:db8::5]:9/  | false",
                "[2001:db8::5]:9     | http://[2001:db8::5]:9/  | false",
                "[2001:db8::5]:9     | http://[2001:db8::5]/    | true",
                "other.example       | http://localhost/        | false",
                "other.example       | http://127.0.0.2/        | false",
                "other.example       | http://[::1]/            | false",
                "'10.0.0.0/99'       | http://10.0.0.1/         | true",
            })
    void goesDirectWhereTheRulesSaySo(String rules, String url, boolean proxied) throws IOException {
        assertThat(proxied(rules, url)).isEqualTo(proxied);
    }

    @Test
    void takesTheProxyEvenToThisHostWhereThereAreNoRules() throws IOException {
        assertThat(proxied("", "http://localhost:1/")).isTrue();
    }

    @Test
    void readsTheEnvironment() throws IOException {
        Map<String, String> environment =
                Map.of("http_proxy", "plain:1", "HTTPS_PROXY", "http://u:p@secure:2", "no_proxy", "direct.example");
        ProxyRoute route = ProxyRoute.of(new Proxy("", "", true, Map.of()), environment::get, ProxyRouteTest::none);
        assertThat(route.select(URI.create("http://a.example/")).get(0).toString())
                .contains("plain")
                .contains("1");
        assertThat(route.select(URI.create("https://a.example/")).get(0).toString())
                .contains("secure");
        assertThat(route.authorization(URI.create("https://a.example/"))).contains("Basic dTpw");
        assertThat(route.authorization(URI.create("http://a.example/"))).isEmpty();
        assertThat(route.select(URI.create("http://direct.example/"))).containsExactly(java.net.Proxy.NO_PROXY);
    }

    @Test
    void doesNotShowThePasswordOfAProxyItCannotUse() {
        assertThatThrownBy(() -> ProxyRoute.of(Proxy.of("socks4://u:hidden@h:1"), name -> null, ProxyRouteTest::none))
                .hasMessage("proxy_url socks4://h:1 is not of the form scheme://host:port, the scheme one of http, "
                        + "https, socks5, socks5h");
    }
}
