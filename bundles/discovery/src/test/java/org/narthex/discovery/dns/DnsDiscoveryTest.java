package org.narthex.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.testkit.DiscoveryContract;

class DnsDiscoveryTest extends DiscoveryContract {
    private static final String NAME = "_x._tcp.example.";

    private FakeNameServer server;
    private DnsDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        server = new FakeNameServer();
        provider = new DnsDiscoveryProvider(new Resolver(
                () -> new Resolver.Settings(List.of(server.address()), List.of("one.test", "two.test."), 1, 2_000, 1)));
    }

    @AfterEach
    void stop() throws IOException {
        provider.stop();
        server.close();
    }

    @Override
    protected DiscoveryProvider provider() {
        return provider;
    }

    private static ConfigNode section(String name, String... more) {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        entries.put(
                "names",
                ConfigNode.sequence(
                        "test.yml", 3, "names", List.of(ConfigNode.scalar("test.yml", 3, "names[0]", name))));
        entries.put("refresh_interval", ConfigNode.scalar("test.yml", 4, "refresh_interval", "20ms"));
        for (int i = 0; i < more.length; i += 2) {
            entries.put(more[i], ConfigNode.scalar("test.yml", 5 + i, more[i], more[i + 1]));
        }
        return ConfigNode.mapping("test.yml", 2, "", entries);
    }

    @Override
    protected ConfigNode section() {
        return section(NAME);
    }

    @Override
    protected ConfigNode badSection() {
        return section(NAME, "type", "TXT");
    }

    @Override
    protected void publish(List<String> addresses) {
        server.put(
                NAME,
                33,
                addresses.stream()
                        .map(address -> FakeNameServer.srv(
                                Integer.parseInt(address.substring(address.indexOf(':') + 1)),
                                address.substring(0, address.indexOf(':'))))
                        .toArray(byte[][]::new));
    }

    private TargetGroup only(ConfigNode section) throws Exception {
        List<TargetGroup> groups = provider.source(section).fetch();
        assertThat(groups).hasSize(1);
        return groups.get(0);
    }

    @Test
    void looksUpServices() throws Exception {
        server.put(NAME, 33, FakeNameServer.srv(3306, "db1.example"));
        assertThat(only(section()))
                .isEqualTo(new TargetGroup(
                        NAME,
                        List.of(Labels.of(
                                "__address__",
                                "db1.example:3306",
                                "__meta_dns_name",
                                NAME,
                                "__meta_dns_srv_record_port",
                                "3306",
                                "__meta_dns_srv_record_target",
                                "db1.example.")),
                        Labels.EMPTY));
    }

    @Test
    void looksUpAddresses() throws Exception {
        server.put("web.example.", 1, new byte[] {(byte) 192, 0, 2, 2});
        assertThat(only(section("web.example.", "type", "A", "port", "80")).targets())
                .containsExactly(Labels.of("__address__", "192.0.2.2:80", "__meta_dns_name", "web.example."));
        server.put(
                "web.example.",
                28,
                InetAddress.getByName("::1").getAddress(),
                InetAddress.getByName("2001:db8:0:1::5").getAddress());
        assertThat(only(section("web.example.", "type", "aaaa", "port", "80")).targets())
                .extracting(target -> target.get("__address__"))
                .containsExactly("[::1]:80", "[2001:db8:0:1::5]:80");
    }

    @Test
    void looksUpMailAndNameServers() throws Exception {
        server.put("example.", 15, FakeNameServer.joined(new byte[] {0, 10}, FakeNameServer.name("mx.example")));
        server.put("example.", 2, FakeNameServer.name("ns.example"));
        assertThat(only(section("example.", "type", "MX", "port", "25")).targets())
                .containsExactly(Labels.of(
                        "__address__",
                        "mx.example:25",
                        "__meta_dns_mx_record_target",
                        "mx.example.",
                        "__meta_dns_name",
                        "example."));
        assertThat(only(section("example.", "type", "NS", "port", "53")).targets())
                .containsExactly(Labels.of(
                        "__address__",
                        "ns.example:53",
                        "__meta_dns_name",
                        "example.",
                        "__meta_dns_ns_record_target",
                        "ns.example."));
    }

    @Test
    void completesNamesByTheSearchList() throws Exception {
        server.put("web.two.test.", 1, new byte[] {10, 0, 0, 1});
        assertThat(only(section("web", "type", "A", "port", "80")).targets()).hasSize(1);
        assertThat(only(section("nobody", "type", "A", "port", "80")).targets()).isEmpty();
    }

    @Test
    void asksByTcpWhenAnAnswerIsTooLong() throws Exception {
        server.truncates = true;
        server.put(NAME, 33, FakeNameServer.srv(1, "a"), FakeNameServer.srv(2, "b"));
        assertThat(only(section()).targets()).hasSize(2);
    }

    @Test
    void keepsTheLastTargetsWhileTheServerFails() throws Exception {
        server.put(NAME, 33, FakeNameServer.srv(1, "a"));
        var source = provider.source(section());
        assertThat(source.fetch().get(0).targets()).hasSize(1);
        server.code = 2;
        assertThat(source.fetch().get(0).targets()).hasSize(1);
        assertThatThrownBy(() -> provider.source(section()).fetch())
                .hasMessageContaining("could not resolve \"" + NAME + "\"")
                .hasMessageContaining("answered with code 2");
    }

    @Test
    void readsTheSystemsSettings() {
        Resolver.Settings settings = Resolver.Settings.parse(List.of(
                "# a comment",
                "nameserver 192.0.2.1",
                "search a.example b.example",
                "options ndots:5 timeout:2 rotate"));
        assertThat(settings)
                .isEqualTo(new Resolver.Settings(
                        List.of(new InetSocketAddress("192.0.2.1", 53)),
                        List.of("a.example", "b.example"),
                        5,
                        2000,
                        2));
        assertThat(Resolver.Settings.parse(List.of()).servers())
                .containsExactly(new InetSocketAddress("127.0.0.1", 53));
    }

    @Test
    void needsAPortWhereRecordsHaveNone() {
        assertThatThrownBy(() -> provider.check(section("a", "type", "A"))).hasMessageContaining("a port is required");
    }
}
