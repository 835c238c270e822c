package org.narthex.discovery.cloud.gce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.LastGoodTargets;
import org.narthex.testkit.PlainHttpClients;

class GceDiscoveryTest {
    @TempDir
    Path home;

    private final Map<String, String> environment = new ConcurrentHashMap<>();
    private volatile String authorization = "";
    private volatile String form = "";
    private FakeApi api;
    private GceDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        api.put(
                "/computeMetadata/v1/instance/service-accounts/default/token",
                "{\"access_token\": \"machine\", \"expires_in\": 3600}");
        api.put("/token", (exchange, body) -> {
            form = body;
            return "{\"access_token\": \"account\", \"expires_in\": 3600}";
        });
        String path = "/compute/v1/projects/p/zones/z/instances";
        api.put(path, (exchange, body) -> {
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            boolean second = exchange.getRequestURI().getQuery().contains("pageToken=next");
            return second
                    ? "{\"items\": [{\"name\": \"without a network\"}]}"
                    : "{\"nextPageToken\": \"next\", \"items\": [{\"id\": \"7\", \"name\": \"vm\", \"zone\": \"zone-url\", "
                            + "\"status\": \"RUNNING\", \"machineType\": \"type-url\", \"labels\": {\"my-label\": \"x\"}, "
                            + "\"tags\": {\"items\": [\"a\", \"b\"]}, \"metadata\": {\"items\": [{\"key\": \"k-1\", "
                            + "\"value\": \"v\"}]}, \"networkInterfaces\": [{\"name\": \"nic0\", \"network\": \"n\", "
                            + "\"subnetwork\": \"s\", \"networkIP\": \"10.0.0.1\", \"accessConfigs\": [{\"type\": "
                            + "\"ONE_TO_ONE_NAT\", \"natIP\": \"192.0.2.1\"}]}]}]}";
        });
        provider = new GceDiscoveryProvider(
                new PlainHttpClients(),
                new GoogleToken.Places(environment::get, home, api.url(), api.url()),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        provider.stop();
        api.close();
    }

    private static ConfigNode section() {
        return ConfigNode.of(Map.of("project", "p", "zone", "z", "filter", "name = \"x\"", "refresh_interval", "20ms"));
    }

    @Test
    void keepsTheLastTargetsWhileTheCloudFails() throws Exception {
        LastGoodTargets.stayWhileItFails(api, provider, section());
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        DamagedAnswers.areTakenOrRefused(api, provider.source(section()));
    }

    @Test
    void labelsAMachine() throws Exception {
        var groups = provider.source(section()).fetch();
        assertThat(groups.get(0).source()).isEqualTo("GCE_p_z");
        assertThat(groups.get(0).targets())
                .containsExactly(Labels.of(
                        "__address__", "10.0.0.1:80",
                        "__meta_gce_instance_id", "7",
                        "__meta_gce_instance_name", "vm",
                        "__meta_gce_instance_status", "RUNNING",
                        "__meta_gce_interface_ipv4_nic0", "10.0.0.1",
                        "__meta_gce_label_my_label", "x",
                        "__meta_gce_machine_type", "type-url",
                        "__meta_gce_metadata_k_1", "v",
                        "__meta_gce_network", "n",
                        "__meta_gce_private_ip", "10.0.0.1",
                        "__meta_gce_project", "p",
                        "__meta_gce_public_ip", "192.0.2.1",
                        "__meta_gce_subnetwork", "s",
                        "__meta_gce_tags", ",a,b,",
                        "__meta_gce_zone", "zone-url"));
        assertThat(authorization).isEqualTo("Bearer machine");
        assertThat(api.asked()).anyMatch(asked -> asked.endsWith("/instances?filter=name+%3D+%22x%22"));
    }

    @Test
    void usesTheAccountOfTheEnvironment() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String pem = List.of(Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .encodeToString(pair.getPrivate().getEncoded())
                        .split("\n"))
                .stream()
                .collect(
                        Collectors.joining("\\n", "-----BEGIN PRIVATE KEY-----\\n", "\\n-----END PRIVATE KEY-----\\n"));
        Path file = Files.writeString(
                home.resolve("account.json"),
                "{\"type\": \"service_account\", \"client_email\": \"me@x\", \"private_key_id\": \"1\", \"private_key\": \""
                        + pem + "\", \"token_uri\": \"" + api.url() + "/token\"}");
        environment.put("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
        provider.source(section()).fetch();
        assertThat(authorization).isEqualTo("Bearer account");
        assertThat(form).startsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey");
    }
}
