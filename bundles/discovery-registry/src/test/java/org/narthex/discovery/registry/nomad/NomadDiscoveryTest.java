package org.narthex.discovery.registry.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.PlainHttpClients;

class NomadDiscoveryTest extends DiscoveryContract {
    private static final String QUERY = "?namespace=default&region=global&stale=";
    private FakeApi api;
    private NomadDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        provider = new NomadDiscoveryProvider(new PlainHttpClients());
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
        return ConfigNode.of(Map.of("server", api.url(), "refresh_interval", "20ms"));
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.of(Map.of("server", ""));
    }

    @Override
    protected void publish(List<String> addresses) {
        api.put("/v1/services" + QUERY, "[{\"Namespace\": \"default\", \"Services\": [{\"ServiceName\": \"web\"}]}]");
        api.put(
                "/v1/service/web" + QUERY,
                addresses.stream()
                        .map(address -> "{\"ID\": \"i\", \"ServiceName\": \"web\", \"Namespace\": \"default\", "
                                + "\"NodeID\": \"n\", \"Datacenter\": \"dc1\", \"Tags\": [\"x\", \"y\"], \"Address\": \""
                                + address.substring(0, address.indexOf(':')) + "\", \"Port\": "
                                + address.substring(address.indexOf(':') + 1) + "}")
                        .collect(Collectors.joining(",", "[", "]")));
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        publish(List.of("a:1", "b:2"));
        DamagedAnswers.areTakenOrRefused(api, provider.source(section()));
    }

    @Test
    void labelsAnInstance() throws Exception {
        publish(List.of("a:1"));
        assertThat(provider.source(section()).fetch().get(0).targets())
                .containsExactly(Labels.of(
                        "__address__",
                        "a:1",
                        "__meta_nomad_address",
                        "a:1",
                        "__meta_nomad_dc",
                        "dc1",
                        "__meta_nomad_namespace",
                        "default",
                        "__meta_nomad_node_id",
                        "n",
                        "__meta_nomad_service",
                        "web",
                        "__meta_nomad_service_address",
                        "a",
                        "__meta_nomad_service_id",
                        "i",
                        "__meta_nomad_service_port",
                        "1",
                        "__meta_nomad_tags",
                        ",x,y,"));
    }
}
