package org.narthex.discovery.cloud.openstack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/** What a region has of the role. */
record OpenStackTargets(String role, String region, long port, boolean allTenants, long refreshMs, Keystone keystone)
        implements RefreshingProvider.Source {
    private static final String PREFIX = "__meta_openstack_";

    @Override
    public List<TargetGroup> fetch() throws IOException, InterruptedException {
        List<Labels> targets =
                switch (role) {
                    case "hypervisor" -> hypervisors();
                    case "instance" -> instances();
                    default -> loadBalancers();
                };
        return List.of(new TargetGroup("OS_" + region, targets, Labels.EMPTY));
    }

    private List<Labels> hypervisors() throws IOException, InterruptedException {
        List<Labels> targets = new ArrayList<>();
        for (Json one : keystone.all(keystone.service("compute") + "/os-hypervisors/detail", "hypervisors")) {
            targets.add(MetaLabels.of(PREFIX)
                    .set("hypervisor_id", one.get("id"))
                    .set("hypervisor_hostname", one.get("hypervisor_hostname"))
                    .set("hypervisor_host_ip", one.get("host_ip"))
                    .set("hypervisor_status", one.get("status"))
                    .set("hypervisor_state", one.get("state"))
                    .set("hypervisor_type", one.get("hypervisor_type"))
                    .address(one.text("host_ip"), port)
                    .build());
        }
        return targets;
    }

    private String network() throws IOException, InterruptedException {
        String base = keystone.service("network");
        return base.endsWith("/v2.0") ? base : base + "/v2.0";
    }

    private static String project(Json of) {
        return of.text("tenant_id").isEmpty() ? of.text("project_id") : of.text("tenant_id");
    }

    private List<Labels> instances() throws IOException, InterruptedException {
        Map<String, String> devices = new HashMap<>();
        keystone.all(network() + "/ports", "ports").forEach(one -> devices.put(one.text("id"), one.text("device_id")));
        Map<String, String> floating = new HashMap<>();
        Set<String> floatingAddresses = new HashSet<>();
        for (Json ip : keystone.all(network() + "/floatingips", "floatingips")) {
            String device = devices.get(ip.text("port_id"));
            if (device != null && !ip.text("fixed_ip_address").isEmpty()) {
                floating.put(
                        project(ip) + " " + device + " " + ip.text("fixed_ip_address"), ip.text("floating_ip_address"));
                floatingAddresses.add(ip.text("floating_ip_address"));
            }
        }
        List<Labels> targets = new ArrayList<>();
        String servers = keystone.service("compute") + "/servers/detail" + (allTenants ? "?all_tenants=true" : "");
        for (Json server : keystone.all(servers, "servers")) {
            addInstance(server, floating, floatingAddresses, targets);
        }
        return targets;
    }

    private void addInstance(
            Json server, Map<String, String> floating, Set<String> floatingAddresses, List<Labels> into) {
        // The name is there from version 2.47 of the API on, instead of the id.
        Json flavor = server.get("flavor", "original_name").isPresent()
                ? server.get("flavor", "original_name")
                : server.get("flavor", "id");
        MetaLabels common = MetaLabels.of(PREFIX)
                .set("instance_id", server.get("id"))
                .set("instance_status", server.get("status"))
                .set("instance_name", server.get("name"))
                .set("project_id", project(server))
                .set("user_id", server.get("user_id"))
                .set("instance_flavor", flavor)
                .set("instance_image", server.get("image", "id"))
                .setAll("tag_", server.get("metadata").texts());
        server.get("addresses").entries().forEach((pool, addresses) -> {
            for (Json each : addresses.items()) {
                String address = each.text("addr");
                if (address.isEmpty() || floatingAddresses.contains(address)) {
                    continue;
                }
                String key = project(server) + " " + server.text("id") + " " + address;
                into.add(common.copy()
                        .set("address_pool", pool)
                        .set("private_ip", address)
                        .set("public_ip", floating.getOrDefault(key, ""))
                        .address(address, port)
                        .build());
            }
        });
    }

    private List<Labels> loadBalancers() throws IOException, InterruptedException {
        String base = keystone.service("load-balancer");
        String balancers = (base.endsWith("/v2.0") || base.endsWith("/v2") ? base : base + "/v2.0") + "/lbaas";
        Map<String, String> ports = new HashMap<>();
        for (Json listener : keystone.all(balancers + "/listeners", "listeners")) {
            if (listener.text("protocol").equals("PROMETHEUS")) {
                listener.items("loadbalancers")
                        .forEach(one -> ports.putIfAbsent(one.text("id"), listener.text("protocol_port")));
            }
        }
        Map<String, String> floating = new HashMap<>();
        keystone.all(network() + "/floatingips", "floatingips")
                .forEach(ip -> floating.put(ip.text("port_id"), ip.text("floating_ip_address")));
        List<Labels> targets = new ArrayList<>();
        for (Json one : keystone.all(balancers + "/loadbalancers", "loadbalancers")) {
            String listens = ports.get(one.text("id"));
            if (listens == null) {
                continue;
            }
            List<String> tags = one.items("tags").stream().map(Json::text).toList();
            targets.add(MetaLabels.of(PREFIX)
                    .set("loadbalancer_id", one.get("id"))
                    .set("loadbalancer_name", one.get("name"))
                    .set("loadbalancer_operating_status", one.get("operating_status"))
                    .set("loadbalancer_provisioning_status", one.get("provisioning_status"))
                    .set("loadbalancer_availability_zone", one.get("availability_zone"))
                    .set("loadbalancer_vip", one.get("vip_address"))
                    .set("loadbalancer_provider", one.get("provider"))
                    .set("loadbalancer_tags", String.join(",", tags))
                    .set("loadbalancer_floating_ip", floating.getOrDefault(one.text("vip_port_id"), ""))
                    .set("project_id", one.get("project_id"))
                    .address(MetaLabels.hostAndPort(one.text("vip_address"), listens))
                    .build());
        }
        return targets;
    }
}
