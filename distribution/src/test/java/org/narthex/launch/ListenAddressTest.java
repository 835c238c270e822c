package org.narthex.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @Test
    void readsHostAndPort() throws StartException {
        assertThat(ListenAddress.parse("0.0.0.0:9090")).isEqualTo(new ListenAddress("0.0.0.0", 9090));
        assertThat(ListenAddress.parse("example.org:80")).isEqualTo(new ListenAddress("example.org", 80));
    }

    @Test
    void aMissingHostMeansAllAddresses() throws StartException {
        ListenAddress address = ListenAddress.parse(":9090");

        assertThat(address.isAny()).isTrue();
        assertThat(address.reachableHost()).isEqualTo("localhost");
    }

    @Test
    void ipv6AddressesStandInBrackets() throws StartException {
        ListenAddress address = ListenAddress.parse("[::1]:9090");

        assertThat(address).isEqualTo(new ListenAddress("::1", 9090)).hasToString("[::1]:9090");
        assertThat(address.reachableHost()).isEqualTo("[::1]");
        assertThat(ListenAddress.parse("[::]:9090").isAny()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9090",
                "localhost",
                "[::1]",
                "::1:9090",
                "[::1:9090",
                "host:",
                "host:http",
                "host:65536",
                "host:-1"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("--web.listen-address: \"" + text + "\": ");
    }

    @Test
    void aPortInUseIsToldInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenAddress address = new ListenAddress("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(address::check)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": address already in use");
        }
    }

    @Test
    void aFreePortIsLeftFree() throws Exception {
        ListenAddress any = new ListenAddress("127.0.0.1", 0);

        any.check();
        any.check();
    }
}
