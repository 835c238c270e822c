package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;

import org.junit.jupiter.api.Test;

class HttpUrlTest {
    @Test
    void takesHostsAsPeopleNameThem() throws Exception {
        HttpUrl url = HttpUrl.parse("http://my_shop:8080/a?b=c#d");
        assertThat(url.host()).isEqualTo("my_shop");
        assertThat(url.port()).isEqualTo(8080);
        assertThat(url.authority()).isEqualTo("my_shop:8080");
        assertThat(url.path()).isEqualTo("/a?b=c");
        assertThat(url.uri()).hasHost("my_shop").hasPort(8080);
        assertThat(HttpUrl.parse("http://my$shop/").uri()).hasHost("my-shop");
        assertThat(HttpUrl.parse("HTTPS://[::1]/").host()).isEqualTo("::1");
        assertThat(HttpUrl.parse("HTTPS://[::1]/").port()).isEqualTo(443);
        assertThat(HttpUrl.parse("https://[fe80::1%25eth0]:1/").uri()).hasToString("https://[fe80::1]:1/");
        assertThat(HttpUrl.parse("http://b\u00fccher.example").authority()).isEqualTo("xn--bcher-kva.example");
        assertThat(HttpUrl.parse("http://u:p@host?q")).hasToString("http://host/?q");
    }

    @Test
    void writesByTheirCodesWhatMayNotStandThere() throws Exception {
        assertThat(HttpUrl.parse("http://a/b c|d?e={f}&g=\u00e4%20").path())
                .isEqualTo("/b%20c%7Cd?e=%7Bf%7D&g=%C3%A4%20");
        assertThat(HttpUrl.parse("http://a/100%").uri()).hasToString("http://a:80/100%25");
    }

    @Test
    void refusesWhatIsNone() {
        for (String text :
                new String[] {"ftp://a/", "http://", "http://a b/", "http://a:b/", "http://a:99999/", "http://:80/"}) {
            assertThatThrownBy(() -> HttpUrl.parse(text))
                    .as(text)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("could not parse target URL " + text);
        }
    }

    @Test
    void findsWhereRedirectsLeadTo() throws Exception {
        HttpUrl from = HttpUrl.parse("https://u:p@my_shop:1/a/b/c?d=e");
        assertThat(from.resolve("/x?y")).hasToString("https://my_shop:1/x?y");
        assertThat(from.resolve("x")).hasToString("https://my_shop:1/a/b/x");
        assertThat(from.resolve("../x/./y")).hasToString("https://my_shop:1/a/x/y");
        assertThat(from.resolve("../../../x")).hasToString("https://my_shop:1/x");
        assertThat(from.resolve("..")).hasToString("https://my_shop:1/a/");
        assertThat(from.resolve("?z")).hasToString("https://my_shop:1/a/b/c?z");
        assertThat(from.resolve("#z")).hasToString("https://my_shop:1/a/b/c?d=e");
        assertThat(from.resolve("/x y")).hasToString("https://my_shop:1/x%20y");
        assertThat(from.resolve("x").userInfo()).isEqualTo("u:p");
        assertThat(from.resolve("//other/x")).hasToString("https://other/x");
        assertThat(from.resolve("http://other/x").userInfo()).isEmpty();
        assertThatThrownBy(() -> from.resolve("ftp://a/")).hasMessageContaining("unsupported protocol scheme of ftp:");
    }
}
