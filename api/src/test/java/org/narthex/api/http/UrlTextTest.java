package org.narthex.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://h",
                "http://h/",
                "https://user:p%40ss@h.example:8080/a/b?q=%zz#f",
                "http://[::1]:9090/x",
                "http://h:/",
                "h",
                "h/x",
                "h:80",
                "/path",
                "//h/x",
                "http://h/a b",
                "http://h/{x}|y",
                "unix:///var/run/docker.sock",
                "socks5://p:1080",
                "http://h_1/"
            })
    void takesWhatGoTakes(String text) {
        assertThat(UrlText.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":::",
                "://h/",
                "http://h:port/",
                "http://h:80:90/",
                "http://a b/",
                "http://h/%zz",
                "http://h\n/",
                "127.0.0.1:80",
                "a b:c",
                "http://[::1/",
                "http://{h}/"
            })
    void refusesWhatGoRefuses(String text) {
        assertThat(UrlText.isValid(text)).isFalse();
    }
}
