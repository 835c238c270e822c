package org.narthex.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.PlainHttpClients;

/** Upstream's recorded daemons and what it finds there. */
class DockerConformanceTest {
    private Path folder;

    @BeforeEach
    void needsTheCases() {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        folder = Path.of(dir, "config/discovery/moby");
    }

    @ParameterizedTest
    @CsvSource({
        "docker, dockerprom, docker_test.go:TestDockerSDRefresh, match_first_network, true",
        "docker, dockerprom, docker_test.go:TestDockerSDRefreshMatchAllNetworks, match_first_network, false",
        "docker, dockeripv6, docker_test.go:TestDockerSDRefreshIPv6Only, match_first_network, true",
        "swarm, swarmprom, nodes_test.go:TestDockerSwarmNodesSDRefresh, role, nodes",
        "swarm, swarmprom, services_test.go:TestDockerSwarmSDServicesRefresh, role, services",
        "swarm, swarmprom-plugin, services_test.go:TestDockerSwarmSDServicesRefreshNoContainerSpec, role, services",
        "swarm, swarmprom, tasks_test.go:TestDockerSwarmTasksSDRefresh, role, tasks",
    })
    void findsWhatUpstreamFinds(String kind, String daemon, String test, String key, String value) throws Exception {
        try (FakeApi api = new FakeApi().header("Api-Version", "1.40").put("/_ping", "OK")) {
            for (String page : List.of("containers/json", "networks", "services", "tasks", "nodes")) {
                Path file = folder.resolve("testdata").resolve(daemon).resolve(page + ".json");
                if (Files.exists(file)) {
                    api.put("/v1.40/" + page, Files.readString(file));
                }
            }
            Map<String, String> section = new LinkedHashMap<>(Map.of("host", api.url(), key, value));
            RefreshingProvider.Source source = kind.equals("docker")
                    ? new DockerDiscoveryProvider(new PlainHttpClients()).source(ConfigNode.of(section))
                    : new SwarmDiscoveryProvider(new PlainHttpClients()).source(ConfigNode.of(section));
            List<Labels> wanted = new ArrayList<>();
            for (Json target : Json.parse(Files.readAllBytes(folder.resolve("expected-targets.json")))
                    .get("tests", test)
                    .items()
                    .get(0)
                    .items()) {
                Labels.Builder labels = Labels.builder();
                target.texts().forEach(labels::set);
                wanted.add(labels.build());
            }
            assertThat(source.fetch().get(0).targets()).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }
}
