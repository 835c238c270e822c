package org.narthex.discovery.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.ExporterContractSink;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.LastGoodTargets;
import org.narthex.testkit.PlainHttpClients;

class AzureDiscoveryTest {
    private static final String GROUP = "/subscriptions/s/resourceGroups/g/providers/";
    private final Map<String, String> environment = new ConcurrentHashMap<>();
    private volatile String form = "";
    private FakeApi api;
    private AzureDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        api.put("/t/oauth2/v2.0/token", (exchange, body) -> {
            form = body;
            return "{\"access_token\": \"tok\", \"expires_in\": 3600}";
        });
        String compute = "/subscriptions/s/providers/Microsoft.Compute/";
        api.put(
                compute + "virtualMachines",
                "{\"value\": [" + machine(GROUP + "Microsoft.Compute/virtualMachines/vm1", "vm1", "nic1")
                        + "], \"nextLink\": \"" + api.url() + "/page2\"}");
        api.put(
                "/page2",
                "{\"value\": [" + machine(GROUP + "Microsoft.Compute/virtualMachines/vm2", "vm2", "nic2") + ","
                        + machine(GROUP + "Microsoft.Compute/virtualMachines/vm3", "vm3", "gone") + "]}");
        String set = GROUP + "Microsoft.Compute/virtualMachineScaleSets/set1";
        api.put(compute + "virtualMachineScaleSets", "{\"value\": [{\"id\": \"" + set + "\", \"name\": \"set1\"}]}");
        api.put(
                set + "/virtualMachines",
                "{\"value\": [" + machine(set + "/virtualMachines/0", "set1_0", "nic1") + "]}");
        api.put(
                "/nic1",
                "{\"properties\": {\"primary\": true, \"ipConfigurations\": [{\"properties\": {\"privateIPAddress\": "
                        + "\"10.0.0.1\", \"publicIPAddress\": {\"properties\": {\"ipAddress\": \"192.0.2.1\"}}}}]}}");
        // Not running.
        api.put("/nic2", "{\"properties\": {}}");
        provider = new AzureDiscoveryProvider(
                new PlainHttpClients(),
                new AzureCloud.Places(environment::get, api.url(), Optional.of(new AzureCloud(api.url(), api.url()))),
                Clock.systemUTC());
    }

    private static String machine(String id, String name, String card) {
        return "{\"id\": \"" + id + "\", \"name\": \"" + name
                + "\", \"location\": \"l\", \"tags\": {\"my-tag\": \"x\"}, "
                + "\"properties\": {\"hardwareProfile\": {\"vmSize\": \"big\"}, \"osProfile\": {\"computerName\": \"c\"}, "
                + "\"storageProfile\": {\"osDisk\": {\"osType\": \"Linux\"}}, \"networkProfile\": {\"networkInterfaces\": "
                + "[{\"id\": \"/" + card + "\"}]}}}";
    }

    @AfterEach
    void stop() {
        provider.stop();
        api.close();
    }

    private static ConfigNode section(String... more) {
        Map<String, String> keys = new LinkedHashMap<>(
                Map.of("subscription_id", "s", "tenant_id", "t", "client_id", "c", "client_secret", "p&w"));
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return ConfigNode.of(keys);
    }

    @Test
    void refusesPagesThatLeadInACircle() {
        api.put("/page2", "{\"value\": [], \"nextLink\": \"" + api.url() + "/page2\"}");
        assertThatThrownBy(() -> provider.source(section()).fetch())
                .hasMessage("the pages of the answer lead back to one that was read before");
    }

    @Test
    void refusesALinkThatIsNoAddress() {
        api.put("/page2", "{\"value\": [], \"nextLink\": \"http://[\"}");
        assertThatThrownBy(() -> provider.source(section()).fetch())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a link that is no address");
        api.put("/page2", "{\"value\": [], \"nextLink\": \"file:///etc/passwd\"}");
        assertThatThrownBy(() -> provider.source(section()).fetch())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be asked");
    }

    @Test
    void keepsTheLastTargetsWhileTheCloudFails() throws Exception {
        LastGoodTargets.stayWhileItFails(api, provider, section("refresh_interval", "20ms"));
        ExporterContractSink metrics = new ExporterContractSink();
        provider.collect(metrics);
        assertThat(metrics.value("prometheus_sd_azure_failures_total"))
                .isPositive()
                .isEqualTo(metrics.value("prometheus_sd_refresh_failures_total", "mechanism", "azure"));
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        DamagedAnswers.areTakenOrRefused(api, provider.source(section()));
    }

    @Test
    void findsMachinesAndThoseOfScaleSets() throws Exception {
        Labels vm1 = Labels.of(
                "__address__", "10.0.0.1:80",
                "__meta_azure_machine_computer_name", "c",
                "__meta_azure_machine_id", GROUP + "Microsoft.Compute/virtualMachines/vm1",
                "__meta_azure_machine_location", "l",
                "__meta_azure_machine_name", "vm1",
                "__meta_azure_machine_os_type", "Linux",
                "__meta_azure_machine_private_ip", "10.0.0.1",
                "__meta_azure_machine_public_ip", "192.0.2.1",
                "__meta_azure_machine_resource_group", "g",
                "__meta_azure_machine_size", "big",
                "__meta_azure_machine_tag_my_tag", "x",
                "__meta_azure_subscription_id", "s",
                "__meta_azure_tenant_id", "t");
        var targets = provider.source(section()).fetch().get(0).targets();
        assertThat(targets).hasSize(2).contains(vm1);
        assertThat(targets.get(1).get("__meta_azure_machine_scale_set")).isEqualTo("set1");
        assertThat(form).contains("client_secret=p%26w").contains("grant_type=client_credentials");
    }

    @Test
    void usesTheMachinesIdentity() throws Exception {
        api.put(
                "/metadata/identity/oauth2/token",
                (exchange, body) -> "{\"access_token\": \""
                        + exchange.getRequestHeaders().getFirst("Metadata") + "\", \"expires_in\": \"3600\"}");
        assertThat(provider.source(section("authentication_method", "ManagedIdentity"))
                        .fetch()
                        .get(0)
                        .targets())
                .hasSize(2);
        assertThat(api.asked())
                .first()
                .asString()
                .contains("/metadata/identity/oauth2/token")
                .contains("client_id=c");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> provider.check(section("authentication_method", "Guess")))
                .hasMessageContaining("unknown authentication_type \"Guess\"");
        assertThatThrownBy(() -> provider.check(section("client_secret", "")))
                .hasMessageContaining("azure SD configuration requires a client_secret");
        assertThatThrownBy(() -> provider.check(section("environment", "Moon"))).hasMessageContaining("no cloud");
    }
}
