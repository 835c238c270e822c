package org.narthex.discovery.cloud.ec2;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.discovery.cloud.Pages;

/** The machines of one region. */
final class Ec2Instances implements RefreshingProvider.Source {
    private static final String VERSION = "2016-11-15";
    private static final Map<String, String> FORM =
            Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");

    private final Ec2Settings settings;
    private final CredentialChain credentials;
    private final CredentialChain.Places places;
    private final HttpQuestion question;
    private final InstantSource clock;
    private String region;
    private Map<String, String> zoneIds;

    Ec2Instances(
            Ec2Settings settings,
            CredentialChain credentials,
            CredentialChain.Places places,
            HttpQuestion question,
            InstantSource clock) {
        this.settings = settings;
        this.credentials = credentials;
        this.places = places;
        this.question = question;
        this.clock = clock;
        region = settings.region();
    }

    @Override
    public long refreshMs() {
        return settings.refreshMs();
    }

    @Override
    public List<TargetGroup> fetch() throws IOException, InterruptedException {
        findRegion();
        try {
            if (zoneIds == null) {
                zoneIds = zoneIds();
            }
            return List.of(new TargetGroup(region, targets(), Labels.EMPTY));
        } catch (IOException e) {
            // They may have been withdrawn; it costs little to look for them again.
            credentials.forget();
            throw e;
        }
    }

    private void findRegion() throws IOException, InterruptedException {
        for (String variable : new String[] {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
            if (region.isEmpty()) {
                region = places.variable(variable);
            }
        }
        if (region.isEmpty()) {
            try {
                region = credentials
                        .metadata("/latest/meta-data/placement/region")
                        .strip();
            } catch (IOException e) {
                throw new IOException("EC2 SD configuration requires a region", e);
            }
        }
    }

    private Xml ask(Map<String, String> parameters) throws IOException, InterruptedException {
        StringBuilder form = new StringBuilder();
        parameters.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        byte[] body = form.toString().getBytes(StandardCharsets.UTF_8);
        URI uri = URI.create(
                settings.endpoint().isEmpty()
                        ? "https://ec2." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn/" : "/")
                        : (settings.endpoint().contains("://") ? "" : "https://") + settings.endpoint() + "/");
        Map<String, String> headers = new LinkedHashMap<>(FORM);
        headers.putAll(new SignatureV4(region, "ec2")
                .headers(credentials.get(region), "POST", uri, FORM, body, clock.instant()));
        return Xml.parse(question.send("POST", uri, body, headers).body());
    }

    private Map<String, String> zoneIds() throws IOException, InterruptedException {
        Map<String, String> ids = new HashMap<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("Action", "DescribeAvailabilityZones");
        parameters.put("Version", VERSION);
        for (Xml zone : ask(parameters).items("availabilityZoneInfo")) {
            ids.put(zone.text("zoneName"), zone.text("zoneId"));
        }
        return ids;
    }

    private List<Labels> targets() throws IOException, InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("Action", "DescribeInstances");
        parameters.put("Version", VERSION);
        int n = 0;
        for (Map.Entry<String, List<String>> filter : settings.filters().entrySet()) {
            n++;
            parameters.put("Filter." + n + ".Name", filter.getKey());
            for (int i = 0; i < filter.getValue().size(); i++) {
                parameters.put(
                        "Filter." + n + ".Value." + (i + 1), filter.getValue().get(i));
            }
        }
        List<Labels> targets = new ArrayList<>();
        Pages pages = new Pages();
        String next = "";
        do {
            pages.next(next);
            Xml page = ask(parameters);
            for (Xml reservation : page.items("reservationSet")) {
                for (Xml instance : reservation.items("instancesSet")) {
                    add(instance, reservation.text("ownerId"), targets);
                }
            }
            next = page.text("nextToken");
            parameters.put("NextToken", next);
        } while (!next.isEmpty());
        return targets;
    }

    private void add(Xml instance, String owner, List<Labels> into) {
        MetaLabels labels = MetaLabels.of("__meta_ec2_");
        String defaultV6 = addNetwork(instance, labels);
        String ip = instance.text("privateIpAddress");
        String zone = instance.text("placement", "availabilityZone");
        if (ip.isEmpty() && defaultV6.isEmpty()) {
            return;
        }
        labels.set("instance_id", instance.text("instanceId"))
                .set("region", region)
                .set("owner_id", owner)
                .set("private_ip", ip)
                .set("private_dns_name", instance.text("privateDnsName"))
                .set("platform", instance.text("platform"))
                .set("ami", instance.text("imageId"))
                .set("availability_zone", zone)
                .set("availability_zone_id", zoneIds.getOrDefault(zone, ""))
                .set("instance_state", instance.text("instanceState", "name"))
                .set("instance_type", instance.text("instanceType"))
                .set("instance_lifecycle", instance.text("instanceLifecycle"))
                .set("architecture", instance.text("architecture"));
        if (!instance.text("ipAddress").isEmpty()) {
            labels.set("public_ip", instance.text("ipAddress")).set("public_dns_name", instance.text("dnsName"));
        }
        for (Xml tag : instance.items("tagSet")) {
            labels.set("tag_" + MetaLabels.sanitized(tag.text("key")), tag.text("value"));
        }
        into.add(labels.address(ip.isEmpty() ? defaultV6 : ip, settings.port()).build());
    }

    /** Labels of the virtual network; the address of version 6 that stands for the machine is returned, or nothing. */
    private static String addNetwork(Xml instance, MetaLabels labels) {
        if (instance.text("vpcId").isEmpty()) {
            return "";
        }
        labels.set("vpc_id", instance.text("vpcId")).set("primary_subnet_id", instance.text("subnetId"));
        Set<String> subnets = new LinkedHashSet<>();
        List<String> all = new ArrayList<>();
        Map<Integer, String> primary = new HashMap<>();
        String defaultV6 = "";
        int last = -1;
        for (Xml card : instance.items("networkInterfaceSet")) {
            if (card.text("subnetId").isEmpty()) {
                continue;
            }
            subnets.add(card.text("subnetId"));
            for (Xml address : card.items("ipv6AddressesSet")) {
                all.add(address.text("ipv6Address"));
                if (address.text("isPrimaryIpv6").equals("true")) {
                    int index = index(card.text("attachment", "deviceIndex"));
                    primary.put(index, address.text("ipv6Address"));
                    last = Math.max(last, index);
                }
            }
        }
        labels.set("subnet_id", joined(List.copyOf(subnets)));
        if (all.isEmpty()) {
            return "";
        }
        labels.set("ipv6_addresses", joined(all));
        if (!primary.isEmpty()) {
            List<String> byIndex = new ArrayList<>();
            for (int i = 0; i <= last; i++) {
                byIndex.add(primary.getOrDefault(i, ""));
            }
            labels.set("primary_ipv6_addresses", joined(byIndex));
            defaultV6 = byIndex.stream()
                    .filter(address -> !address.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        defaultV6 = defaultV6.isEmpty() ? all.get(0) : defaultV6;
        labels.set("default_ipv6_address", defaultV6);
        return defaultV6;
    }

    private static int index(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    }

    private static String joined(List<String> values) {
        return "," + String.join(",", values) + ",";
    }
}
