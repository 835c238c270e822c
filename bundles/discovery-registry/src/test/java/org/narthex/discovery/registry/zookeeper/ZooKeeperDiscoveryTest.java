package org.narthex.discovery.registry.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.testkit.Damage;
import org.narthex.testkit.DiscoveryContract;

class ZooKeeperDiscoveryTest extends DiscoveryContract {
    private FakeZooKeeper server;
    private NerveDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        server = new FakeZooKeeper();
        server.put("/services", "");
        provider = new NerveDiscoveryProvider();
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

    private static ConfigNode section(String server, String path) {
        return ConfigNode.mapping(
                "t.yml",
                1,
                "",
                Map.of(
                        "servers",
                                ConfigNode.sequence("t.yml", 2, "", List.of(ConfigNode.scalar("t.yml", 2, "", server))),
                        "paths",
                                ConfigNode.sequence("t.yml", 3, "", List.of(ConfigNode.scalar("t.yml", 3, "", path)))));
    }

    @Override
    protected ConfigNode section() {
        return section(server.address(), "/services");
    }

    @Override
    protected ConfigNode badSection() {
        return section(server.address(), "services");
    }

    private static String member(String address) {
        int colon = address.indexOf(':');
        return "{\"host\": \"" + address.substring(0, colon) + "\", \"port\": " + address.substring(colon + 1)
                + ", \"name\": \"n\"}";
    }

    @Override
    protected void publish(List<String> addresses) throws IOException {
        for (String address : List.of("a:1", "b:2", "c:3")) {
            if (addresses.contains(address)) {
                server.put("/services/" + address, member(address));
            } else {
                server.delete("/services/" + address);
            }
        }
    }

    @Test
    void damagedPacketsAreTakenOrRefused() throws Exception {
        server.put("/services/a", member("a:1"));
        server.put("/services/b", member("b:2"));
        Damage damage = new Damage();
        int refused = 0;
        for (int round = 0; round < Damage.rounds(150); round++) {
            String what = "seed " + Damage.seed() + ", round " + round;
            server.damage(damage);
            var source = provider.source(impatient());
            try {
                assertThat(source.fetch()).as(what).isNotNull();
            } catch (IOException e) {
                assertThat(e.getMessage()).as(what).startsWith("zookeeper " + server.address() + ": ");
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what, e);
            } finally {
                source.close();
            }
        }
        assertThat(refused).as("some damage shows").isPositive();
        server.damage(null);
        var source = provider.source(section());
        assertThat(source.fetch()).hasSize(2);
        source.close();
    }

    /** A session whose server may take a moment to answer, and not more. */
    private ConfigNode impatient() throws ConfigException {
        Map<String, ConfigNode> keys = new LinkedHashMap<>(section().entries());
        keys.put("timeout", ConfigNode.scalar("t.yml", 4, "timeout", "50ms"));
        return ConfigNode.mapping("t.yml", 1, "", keys);
    }

    @Test
    void labelsMembersOfNerve() throws Exception {
        server.put("/services/x", "no member");
        server.put("/services/x/m", member("::1:5"));
        var source = provider.source(section());
        try {
            server.put("/services/x/m", "{\"host\": \"h\", \"port\": 5, \"name\": \"n\"}");
            assertThat(source.fetch())
                    .containsExactly(new TargetGroup(
                            "/services/x/m",
                            List.of(Labels.of(
                                    "__address__",
                                    "h:5",
                                    "__meta_nerve_endpoint_host",
                                    "h",
                                    "__meta_nerve_endpoint_name",
                                    "n",
                                    "__meta_nerve_endpoint_port",
                                    "5",
                                    "__meta_nerve_path",
                                    "/services/x/m")),
                            Labels.EMPTY));
        } finally {
            source.close();
        }
    }

    @Test
    void labelsMembersOfServersets() throws Exception {
        server.put(
                "/services/m",
                "{\"serviceEndpoint\": {\"host\": \"h\", \"port\": 5}, \"additionalEndpoints\": {\"ad-min\": "
                        + "{\"host\": \"g\", \"port\": 6}}, \"status\": \"ALIVE\", \"shard\": 3}");
        var source = new ServersetDiscoveryProvider().source(section());
        try {
            Labels target = source.fetch().get(0).targets().get(0);
            assertThat(target.get("__address__")).isEqualTo("h:5");
            assertThat(target.get("__meta_serverset_endpoint_host_ad_min")).isEqualTo("g");
            assertThat(target.get("__meta_serverset_endpoint_port_ad_min")).isEqualTo("6");
            assertThat(target.get("__meta_serverset_shard")).isEqualTo("3");
            assertThat(target.get("__meta_serverset_status")).isEqualTo("ALIVE");
        } finally {
            source.close();
        }
    }

    @Test
    void beginsANewSessionWhenTheServerEndsOne() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            server.drop();
            publish(List.of("a:1", "b:2"));
            groups.awaitAddresses("a:1", "b:2");
        }
    }
}
