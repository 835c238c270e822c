package org.narthex.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.PlainHttpClients;

class DockerDiscoveryTest extends DiscoveryContract {
    @TempDir
    Path folder;

    private FakeApi api;
    private DockerDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi()
                .header("Api-Version", "1.40")
                .put("/_ping", "OK")
                .put("/v1.40/networks", "[{\"Id\": \"n\", \"Name\": \"net\"}]");
        provider = new DockerDiscoveryProvider(new PlainHttpClients());
    }

    @AfterEach
    void stop() {
        provider.stop();
        api.close();
    }

    @Override
    protected DiscoveryProvider provider() {
        return provider;
    }

    @Override
    protected ConfigNode section() {
        return ConfigNode.of(Map.of("host", api.url(), "refresh_interval", "20ms"));
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.of(Map.of("port", "80"));
    }

    @Override
    protected void publish(List<String> addresses) {
        api.put("/v1.40/containers/json", containers(addresses));
    }

    private static String containers(List<String> addresses) {
        return addresses.stream()
                .map(address -> {
                    int colon = address.indexOf(':');
                    return "{\"Id\": \"" + address
                            + "\", \"Names\": [\"/c\"], \"HostConfig\": {\"NetworkMode\": \"net\"},"
                            + "\"Ports\": [{\"Type\": \"tcp\", \"PrivatePort\": " + address.substring(colon + 1)
                            + "}], \"NetworkSettings\": {\"Networks\": {\"net\": {\"NetworkID\": \"n\", \"IPAddress\": \""
                            + address.substring(0, colon) + "\"}}}}";
                })
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        publish(List.of("a:1", "b:2"));
        DamagedAnswers.areTakenOrRefused(api, provider.source(section()));
    }

    @Test
    void asksForWhatPassesTheFilters() throws Exception {
        publish(List.of("a:1"));
        Map<String, ConfigNode> keys = new LinkedHashMap<>(section().entries());
        ConfigNode filter = ConfigNode.mapping(
                "t",
                1,
                "",
                Map.of(
                        "name", ConfigNode.scalar("t", 1, "", "label"),
                        "values", ConfigNode.sequence("t", 1, "", List.of(ConfigNode.scalar("t", 1, "", "x=y")))));
        keys.put("filters", ConfigNode.sequence("t", 1, "", List.of(filter)));
        provider.source(ConfigNode.mapping("t", 1, "", keys)).fetch();
        assertThat(api.asked())
                .containsExactly(
                        "GET /_ping",
                        "GET /v1.40/containers/json?filters=%7B%22label%22%3A%7B%22x%3Dy%22%3Atrue%7D%7D",
                        "GET /v1.40/networks");
    }

    @Test
    void speaksToTheSocketOfTheHost() throws Exception {
        Path socket = folder.resolve("docker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread answering = new Thread(() -> {
                try {
                    for (String body : List.of("OK", containers(List.of("a:1")), "[]")) {
                        try (SocketChannel channel = server.accept()) {
                            channel.read(ByteBuffer.allocate(4096));
                            channel.write(ByteBuffer.wrap(("HTTP/1.0 200 OK\r\nApi-Version: 1.40\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.UTF_8)));
                        }
                    }
                    try (SocketChannel channel = server.accept()) {
                        channel.read(ByteBuffer.allocate(4096));
                        channel.write(ByteBuffer.wrap("HTTP/1.0 500 No\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
                    }
                } catch (IOException e) {
                    // The test fails by what it misses.
                }
            });
            answering.start();
            var source = provider.source(ConfigNode.of(Map.of("host", "unix://" + socket)));
            assertThat(source.fetch().get(0).targets())
                    .extracting(target -> target.get("__address__"))
                    .containsExactly("a:1");
            assertThatThrownBy(source::fetch).hasMessage(socket + ": /_ping: server returned HTTP status 500");
            answering.join();
        }
        Files.deleteIfExists(socket);
    }
}
