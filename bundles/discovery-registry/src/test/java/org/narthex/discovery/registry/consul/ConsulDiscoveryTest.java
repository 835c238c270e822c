package org.narthex.discovery.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.testkit.DamagedInput;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.PlainHttpClients;

class ConsulDiscoveryTest extends DiscoveryContract {
    private final AtomicLong index = new AtomicLong(1);
    private FakeApi api;
    private ConsulDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi().put("/v1/agent/self", "{\"Config\": {\"Datacenter\": \"dc1\"}}");
        provider = new ConsulDiscoveryProvider(new PlainHttpClients());
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

    private static ConfigNode scalar(String text) {
        return ConfigNode.scalar("t.yml", 1, "", text);
    }

    private Map<String, ConfigNode> keys() {
        Map<String, ConfigNode> keys = new LinkedHashMap<>();
        keys.put("server", scalar(api.url().replace("http://", "")));
        keys.put("refresh_interval", scalar("20ms"));
        return keys;
    }

    @Override
    protected ConfigNode section() {
        return ConfigNode.mapping("t.yml", 1, "", keys());
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.mapping("t.yml", 1, "", Map.of("server", scalar(" ")));
    }

    /** Each address a service of its own. */
    @Override
    protected void publish(List<String> addresses) {
        for (String address : addresses) {
            int colon = address.indexOf(':');
            api.put(
                    "/v1/health/service/" + address.charAt(0),
                    "[{\"Node\": {\"Address\": \"x\"}, \"Service\": {\"Address\": \"" + address.substring(0, colon)
                            + "\", \"Port\": " + address.substring(colon + 1) + "}}]");
        }
        api.put(
                "/v1/catalog/services",
                addresses.stream()
                        .map(address -> "\"" + address.charAt(0) + "\": []")
                        .collect(Collectors.joining(",", "{", "}")));
        api.header("X-Consul-Index", Long.toString(index.incrementAndGet()));
    }

    @Test
    void keepsTheLastTargetsWhileConsulFails() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            api.status(500);
            publish(List.of());
            assertThat(groups.addresses()).containsExactly("a:1");
            publish(List.of("b:2"));
            api.status(200);
            groups.awaitAddresses("b:2");
        }
    }

    @Test
    void damagedInstancesAreTakenOrRefused() throws Exception {
        String instances =
                "[{\"Node\": {\"Node\": \"n\", \"Address\": \"x\", \"Meta\": {\"rack\": \"1\"}, \"TaggedAddresses\": {\"lan\": \"y\"}},"
                        + " \"Service\": {\"ID\": \"i\", \"Address\": \"a\", \"Port\": 80, \"Tags\": [\"t1\", \"t2\"], \"Meta\": {\"v\": \"2\"}},"
                        + " \"Checks\": [{\"CheckID\": \"c\", \"Status\": \"passing\"}]}]";
        DamagedInput.isTakenOrRefused(2_000, instances, IOException.class, bytes -> assertThat(
                        ConsulLabels.group("s", "dc", ",", Json.parse(bytes)))
                .isNotNull());
    }

    @Test
    void goesOnAfterDamagedAnswers() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            api.put("/v1/catalog/services", "{\"a\": 7, \"b\": {\"c\": [");
            api.header("X-Consul-Index", "no number");
            int asked = api.asked().size();
            api.awaitAsked(asked + 2);
            assertThat(groups.addresses()).containsExactly("a:1");
            publish(List.of("a:1", "b:2"));
            groups.awaitAddresses("a:1", "b:2");
        }
    }

    @Test
    void asksAsUpstreamDoesAndFindsTheSame() throws Exception {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        Path folder = Path.of(dir, "config/discovery/consul");
        api.header("X-Consul-Index", "1");
        api.put("/v1/agent/self", Files.readString(folder.resolve("agent_self.json")));
        String filter = "node-meta=rack_name%3A2304&stale=&";
        api.put(
                "/v1/catalog/services?" + filter + "wait=120000ms",
                Files.readString(folder.resolve("catalog_services.json")));
        api.put(
                "/v1/catalog/services?index=1&" + filter + "wait=120000ms",
                Files.readString(folder.resolve("catalog_services.json")));
        api.put(
                "/v1/health/service/test?" + filter + "tag=tag1&wait=120000ms",
                Files.readString(folder.resolve("health_service_test.json")));
        Map<String, ConfigNode> keys = keys();
        keys.put("node_meta", ConfigNode.mapping("t.yml", 1, "", Map.of("rack_name", scalar("2304"))));
        keys.put("services", ConfigNode.sequence("t.yml", 1, "", List.of(scalar("test"))));
        keys.put("tags", ConfigNode.sequence("t.yml", 1, "", List.of(scalar("tag1"))));
        keys.put("refresh_interval", scalar("10s"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(ConfigNode.mapping("t.yml", 1, "", keys), groups)) {
            assertThat(running).isNotNull();
            groups.await(all -> all.all().size() == 1);
        }
        assertThat(groups.all().get(0).source()).isEqualTo("test");
        assertThat(groups.all().get(0).labels())
                .isEqualTo(Labels.of("__meta_consul_dc", "test-dc", "__meta_consul_service", "test"));
        Labels target = groups.all().get(0).targets().get(0);
        assertThat(target.get("__address__")).isEqualTo("1.1.1.1:3341");
        assertThat(target.get("__meta_consul_tags")).isEqualTo(",tag1,");
        assertThat(target.get("__meta_consul_health")).isEqualTo("passing");
        assertThat(target.get("__meta_consul_metadata_rack_name")).isEqualTo("2304");
        assertThat(target.get("__meta_consul_service_metadata_environment")).isEqualTo("staging");
        assertThat(target.get("__meta_consul_tagged_address_lan")).isEqualTo("192.168.10.10");
        assertThat(target.get("__meta_consul_node")).isEqualTo("node1");
        assertThat(target.get("__meta_consul_service_id")).isEqualTo("test");
        assertThat(target.get("__meta_consul_service_port")).isEqualTo("3341");
    }
}
