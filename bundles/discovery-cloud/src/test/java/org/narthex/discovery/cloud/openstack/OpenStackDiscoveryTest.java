package org.narthex.discovery.cloud.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.LastGoodTargets;
import org.narthex.testkit.PlainHttpClients;

class OpenStackDiscoveryTest {
    private final Map<String, String> environment = new ConcurrentHashMap<>();
    private volatile String login = "";
    private FakeApi api;
    private OpenStackDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi().header("X-Subject-Token", "tok");
        api.put("/v3/auth/tokens", (exchange, body) -> {
            login = body;
            return "{\"token\": {\"expires_at\": \"2099-01-01T00:00:00.000000Z\", \"catalog\": [" + service("compute")
                    + "," + service("network") + "," + service("load-balancer") + "]}}";
        });
        api.put(
                "/compute/os-hypervisors/detail",
                "{\"hypervisors\": [{\"id\": 1, \"hypervisor_hostname\": \"h\", \"host_ip\": \"10.0.0.9\", \"status\": "
                        + "\"enabled\", \"state\": \"up\", \"hypervisor_type\": \"QEMU\"}]}");
        api.put("/network/v2.0/ports", "{\"ports\": [{\"id\": \"port1\", \"device_id\": \"i1\"}]}");
        api.put(
                "/network/v2.0/floatingips",
                "{\"floatingips\": [{\"port_id\": \"port1\", \"tenant_id\": \"p\", \"fixed_ip_address\": \"10.0.0.1\", "
                        + "\"floating_ip_address\": \"192.0.2.1\"}, {\"port_id\": \"vip1\", \"floating_ip_address\": "
                        + "\"192.0.2.2\"}]}");
        api.put(
                "/compute/servers/detail",
                "{\"servers\": [{\"id\": \"i1\", \"name\": \"n\", \"status\": \"ACTIVE\", \"tenant_id\": \"p\", \"user_id\": "
                        + "\"u\", \"flavor\": {\"original_name\": \"m1\"}, \"image\": {\"id\": \"img\"}, \"metadata\": "
                        + "{\"my-tag\": \"x\"}, \"addresses\": {\"private\": [{\"addr\": \"10.0.0.1\"}, {\"addr\": "
                        + "\"192.0.2.1\"}]}}], \"servers_links\": [{\"rel\": \"next\", \"href\": \"" + api.url()
                        + "/compute/servers/detail?marker=i1\"}]}");
        api.put("/compute/servers/detail?marker=i1", "{\"servers\": [{\"id\": \"i2\", \"addresses\": {}}]}");
        api.put(
                "/load-balancer/v2.0/lbaas/listeners",
                "{\"listeners\": [{\"protocol\": \"PROMETHEUS\", \"protocol_port\": 9273, \"loadbalancers\": "
                        + "[{\"id\": \"lb1\"}]}]}");
        api.put(
                "/load-balancer/v2.0/lbaas/loadbalancers",
                "{\"loadbalancers\": [{\"id\": \"lb1\", \"name\": \"l\", \"vip_address\": \"10.0.0.5\", \"vip_port_id\": "
                        + "\"vip1\", \"tags\": [\"a\", \"b\"], \"project_id\": \"p\"}, {\"id\": \"lb2\"}]}");
        provider = new OpenStackDiscoveryProvider(new PlainHttpClients(), environment::get, Clock.systemUTC());
    }

    private String service(String type) {
        return "{\"type\": \"" + type + "\", \"endpoints\": [{\"interface\": \"internal\", \"region\": \"r\", \"url\": "
                + "\"http://wrong\"}, {\"interface\": \"public\", \"region\": \"r\", \"url\": \"" + api.url() + "/"
                + type
                + "/\"}]}";
    }

    @AfterEach
    void stop() {
        provider.stop();
        api.close();
    }

    private ConfigNode section(String role, String... more) {
        Map<String, String> keys = new LinkedHashMap<>(Map.of(
                "role",
                role,
                "region",
                "r",
                "identity_endpoint",
                api.url(),
                "username",
                "me",
                "password",
                "s",
                "domain_name",
                "d",
                "project_name",
                "p"));
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return ConfigNode.of(keys);
    }

    @Test
    void keepsTheLastTargetsWhileTheCloudFails() throws Exception {
        LastGoodTargets.stayWhileItFails(api, provider, section("instance", "refresh_interval", "20ms"));
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        DamagedAnswers.areTakenOrRefused(api, provider.source(section("instance")));
    }

    @Test
    void findsInstances() throws Exception {
        assertThat(provider.source(section("instance")).fetch().get(0).targets())
                .containsExactly(Labels.of(
                        "__address__", "10.0.0.1:80",
                        "__meta_openstack_address_pool", "private",
                        "__meta_openstack_instance_flavor", "m1",
                        "__meta_openstack_instance_id", "i1",
                        "__meta_openstack_instance_image", "img",
                        "__meta_openstack_instance_name", "n",
                        "__meta_openstack_instance_status", "ACTIVE",
                        "__meta_openstack_private_ip", "10.0.0.1",
                        "__meta_openstack_project_id", "p",
                        "__meta_openstack_public_ip", "192.0.2.1",
                        "__meta_openstack_tag_my_tag", "x",
                        "__meta_openstack_user_id", "u"));
        assertThat(login)
                .isEqualTo(
                        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"me\","
                                + "\"domain\":{\"name\":\"d\"},\"password\":\"s\"}}},\"scope\":{\"project\":{\"name\":\"p\","
                                + "\"domain\":{\"name\":\"d\"}}}}}");
    }

    @Test
    void findsHypervisorsAndLoadBalancers() throws Exception {
        assertThat(provider.source(section("hypervisor")).fetch().get(0).targets())
                .containsExactly(Labels.of(
                        "__address__", "10.0.0.9:80",
                        "__meta_openstack_hypervisor_host_ip", "10.0.0.9",
                        "__meta_openstack_hypervisor_hostname", "h",
                        "__meta_openstack_hypervisor_id", "1",
                        "__meta_openstack_hypervisor_state", "up",
                        "__meta_openstack_hypervisor_status", "enabled",
                        "__meta_openstack_hypervisor_type", "QEMU"));
        assertThat(provider.source(section("loadbalancer")).fetch().get(0).targets())
                .containsExactly(Labels.of(
                        "__address__", "10.0.0.5:9273",
                        "__meta_openstack_loadbalancer_floating_ip", "192.0.2.2",
                        "__meta_openstack_loadbalancer_id", "lb1",
                        "__meta_openstack_loadbalancer_name", "l",
                        "__meta_openstack_loadbalancer_tags", "a,b",
                        "__meta_openstack_loadbalancer_vip", "10.0.0.5",
                        "__meta_openstack_project_id", "p"));
    }

    @Test
    void takesApplicationCredentialsAndTheEnvironment() throws Exception {
        environment.put("OS_AUTH_URL", api.url() + "/v3");
        environment.put("OS_APPLICATION_CREDENTIAL_ID", "app");
        environment.put("OS_APPLICATION_CREDENTIAL_SECRET", "pw");
        provider.source(ConfigNode.of(Map.of("role", "hypervisor", "region", "r")))
                .fetch();
        assertThat(login).contains("\"application_credential\":{\"id\":\"app\",\"secret\":\"pw\"}");
        assertThatThrownBy(() -> provider.source(section("hypervisor", "availability", "admin"))
                        .fetch())
                .hasMessage("the catalogue has no admin endpoint of compute in region r");
        assertThatThrownBy(() -> provider.check(section("vm"))).hasMessageContaining("unknown OpenStack SD role vm");
    }
}
