package org.narthex.discovery.registry.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.PlainHttpClients;

class EurekaDiscoveryTest extends DiscoveryContract {
    private FakeApi api;
    private EurekaDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        provider = new EurekaDiscoveryProvider(new PlainHttpClients());
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
        return ConfigNode.of(Map.of("server", api.url() + "/eureka", "refresh_interval", "20ms"));
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.of(Map.of("server", "eureka.example"));
    }

    @Override
    protected void publish(List<String> addresses) {
        api.put(
                "/eureka/apps",
                addresses.stream()
                        .map(address -> "<instance><hostName>" + address.substring(0, address.indexOf(':'))
                                + "</hostName><port enabled=\"true\">" + address.substring(address.indexOf(':') + 1)
                                + "</port></instance>")
                        .collect(Collectors.joining(
                                "", "<applications><application><name>APP</name>", "</application></applications>")));
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        publish(List.of("a:1", "b:2"));
        DamagedAnswers.areTakenOrRefused(api, provider.source(section()));
    }

    @Test
    void readsNoOtherFiles() {
        byte[] xml =
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> EurekaInstances.read(xml)).isInstanceOf(IOException.class);
    }

    @Test
    void readsUpstreamsExample() throws Exception {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        api.put("/eureka/apps", Files.readString(Path.of(dir, "config/discovery/eureka/apps.xml")));
        List<Labels> targets = provider.source(section()).fetch().get(0).targets();
        assertThat(targets).hasSize(4);
        Labels first = targets.get(0);
        assertThat(first.get("__address__")).isEqualTo("config-service001.test.com:8080");
        assertThat(first.get("instance")).isEqualTo("config-service001.test.com:config-service:8080");
        assertThat(first.get("__meta_eureka_app_name")).isEqualTo("CONFIG-SERVICE");
        assertThat(first.get("__meta_eureka_app_instance_port_enabled")).isEqualTo("true");
        assertThat(first.get("__meta_eureka_app_instance_secure_port_enabled")).isEqualTo("false");
        assertThat(first.get("__meta_eureka_app_instance_datacenterinfo_name")).isEqualTo("MyOwn");
        assertThat(first.get("__meta_eureka_app_instance_metadata_instanceId"))
                .isEqualTo("config-service001.test.com:config-service:8080");
        assertThat(first.get("__meta_eureka_app_instance_country_id")).isEqualTo("1");
    }
}
