package org.narthex.discovery.cloud.azure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.discovery.cloud.Pages;

/** The machines of a subscription, those of scale sets among them. */
final class AzureMachines implements RefreshingProvider.Source {
    private static final String COMPUTE = "?api-version=2024-03-01";
    private static final String NETWORK = "?api-version=2018-10-01&$expand=IPConfigurations/PublicIPAddress";

    private final String subscription;
    private final String tenant;
    private final String resourceGroup;
    private final long port;
    private final long refreshMs;
    private final AzureCloud cloud;
    private final HttpQuestion question;
    private final AzureToken token;

    AzureMachines(
            String subscription,
            String tenant,
            String resourceGroup,
            long port,
            long refreshMs,
            AzureCloud cloud,
            HttpQuestion question,
            AzureToken token) {
        this.subscription = subscription;
        this.tenant = tenant;
        this.resourceGroup = resourceGroup;
        this.port = port;
        this.refreshMs = refreshMs;
        this.cloud = cloud;
        this.question = question;
        this.token = token;
    }

    @Override
    public long refreshMs() {
        return refreshMs;
    }

    @Override
    public List<TargetGroup> fetch() throws IOException, InterruptedException {
        String scope = "/subscriptions/" + subscription
                + (resourceGroup.isEmpty() ? "" : "/resourceGroups/" + resourceGroup) + "/providers/Microsoft.Compute/";
        List<Labels> targets = new ArrayList<>();
        for (Json machine : all(scope + "virtualMachines" + COMPUTE)) {
            target(machine, "").ifPresent(targets::add);
        }
        for (Json set : all(scope + "virtualMachineScaleSets" + COMPUTE)) {
            for (Json machine : all(set.text("id") + "/virtualMachines" + COMPUTE)) {
                target(machine, set.text("name")).ifPresent(targets::add);
            }
        }
        return List.of(new TargetGroup("azure", targets, Labels.EMPTY));
    }

    private Json ask(String uri) throws IOException, InterruptedException {
        Map<String, String> headers = Map.of("Authorization", "Bearer " + token.get());
        return Json.parse(
                question.send("GET", Pages.address(uri), new byte[0], headers).body());
    }

    /** The values of all pages. */
    private List<Json> all(String path) throws IOException, InterruptedException {
        List<Json> values = new ArrayList<>();
        String next = cloud.manager() + path;
        Pages pages = new Pages();
        while (!next.isEmpty()) {
            Json page = ask(pages.next(next));
            values.addAll(page.items("value"));
            next = page.text("nextLink");
        }
        return values;
    }

    private Optional<Labels> target(Json machine, String scaleSet) throws IOException, InterruptedException {
        Json properties = machine.get("properties");
        String id = machine.text("id");
        MetaLabels labels = MetaLabels.of("__meta_azure_")
                .set("subscription_id", subscription)
                .set("tenant_id", tenant)
                .set("machine_id", id)
                .set("machine_resource_group", resourceGroup(id))
                .set("machine_name", machine.get("name"))
                .set("machine_computer_name", properties.get("osProfile", "computerName"))
                .set("machine_os_type", properties.get("storageProfile", "osDisk", "osType"))
                .set("machine_location", machine.get("location"))
                .set("machine_size", properties.get("hardwareProfile", "vmSize"))
                .set("machine_scale_set", scaleSet)
                .setAll("machine_tag_", machine.get("tags").texts());
        for (Json reference : properties.get("networkProfile").items("networkInterfaces")) {
            Json card;
            try {
                card = ask(cloud.manager() + reference.text("id") + NETWORK).get("properties");
            } catch (HttpQuestion.StatusException e) {
                if (e.status() == 404) {
                    return Optional.empty();
                }
                throw e;
            }
            if (card.isPresent() && !card.get("primary").isPresent()) {
                // That is how a machine looks that is not running.
                return Optional.empty();
            }
            if (card.get("primary").isTrue()) {
                return Optional.of(withAddresses(labels, machine, card));
            }
        }
        return Optional.empty();
    }

    private Labels withAddresses(MetaLabels labels, Json machine, Json card) throws IOException {
        for (Json configuration : card.items("ipConfigurations")) {
            Json ip = configuration.get("properties");
            labels.set("machine_public_ip", ip.get("publicIPAddress", "properties", "ipAddress"));
            String address = ip.text("privateIPAddress");
            if (!address.isEmpty()) {
                return labels.set("machine_private_ip", address)
                        .address(address, port)
                        .build();
            }
            break;
        }
        throw new IOException("unable to find a private IP for VM " + machine.text("name"));
    }

    private static String resourceGroup(String id) {
        Map<String, String> parts = new LinkedHashMap<>();
        String[] words = id.split("/", -1);
        for (int i = 1; i + 1 < words.length; i += 2) {
            parts.put(words[i].toLowerCase(java.util.Locale.ROOT), words[i + 1]);
        }
        return parts.getOrDefault("resourcegroups", "");
    }
}
