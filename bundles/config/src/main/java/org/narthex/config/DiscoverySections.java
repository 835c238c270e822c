package org.narthex.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.config.SectionSchema.Kind;

/** The {@code <type>_sd_configs} sections that are known: those of Prometheus 3.14, and {@code osgi}. */
final class DiscoverySections {
    private static final Map<String, SectionSchema> SCHEMAS = schemas();

    private DiscoverySections() {}

    /** The bundles that have plug-ins, by their types. */
    private static final Map<String, List<String>> BUNDLES = Map.of(
            "discovery", List.of("file", "http", "dns", "osgi"),
            "discovery-kubernetes", List.of("kubernetes"),
            "discovery-registry", List.of("consul", "nomad", "eureka", "nerve", "serverset"),
            "discovery-docker", List.of("docker", "dockerswarm"),
            "discovery-cloud", List.of("ec2", "azure", "gce", "openstack"));

    /** The bundle that has the plug-in for a type; empty if no bundle of Narthex does. */
    static Optional<String> bundle(String type) {
        return BUNDLES.entrySet().stream()
                .filter(entry -> entry.getValue().contains(type))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    static List<String> types() {
        return List.copyOf(SCHEMAS.keySet());
    }

    /** Checks a section of a known type. */
    static void check(String type, Section section, HttpClientReader clients) throws ConfigException {
        SCHEMAS.get(type).check(section, clients);
    }

    private static Map<String, SectionSchema> schemas() {
        Map<String, SectionSchema> all = new LinkedHashMap<>();
        hostless(all);
        services(all);
        containers(all);
        largeClouds(all);
        clouds(all);
        inventories(all);
        return all;
    }

    private static void hostless(Map<String, SectionSchema> all) {
        all.put(
                "file",
                SectionSchema.texts()
                        .with(Kind.TEXTS, "files")
                        .refreshed()
                        .requiredList("files", "file service discovery config must contain at least one path name")
                        .rule(DiscoverySections::checkFiles));
        all.put("http", SectionSchema.texts("url").refreshed().http().httpUrl("url"));
        all.put(
                "dns",
                SectionSchema.texts("type")
                        .with(Kind.TEXTS, "names")
                        .refreshedWithPort()
                        .requiredList("names", "DNS-SD config must contain at least one SRV record name")
                        .rule(DiscoverySections::checkDns));
        all.put(
                "osgi",
                SectionSchema.texts("filter", "address_property", "address")
                        .required("filter", "osgi SD configuration requires a filter"));
    }

    private static void checkFiles(Section section) throws ConfigException {
        for (ConfigNode file : section.node().list("files")) {
            String text = file.text();
            if (!text.matches("[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)") || text.matches(".*\\*[^/]*\\*.*")) {
                throw file.error("path name \"" + text + "\" is not valid for file discovery");
            }
        }
    }

    private static void checkDns(Section section) throws ConfigException {
        String type = section.text("type", "SRV").toUpperCase(Locale.ROOT);
        switch (type) {
            case "SRV" -> {}
            case "A", "AAAA", "MX", "NS" -> {
                if (section.integer("port", 0) == 0) {
                    throw section.error("a port is required in DNS-SD configs for all record types except SRV");
                }
            }
            default -> throw section.error("type", "invalid DNS-SD records type " + section.text("type", ""));
        }
    }

    private static void services(Map<String, SectionSchema> all) {
        all.put(
                "consul",
                SectionSchema.texts(
                                "server",
                                "path_prefix",
                                "token",
                                "datacenter",
                                "namespace",
                                "partition",
                                "tag_separator",
                                "scheme",
                                "username",
                                "password",
                                "filter",
                                "health_filter")
                        .with(Kind.BOOL, "allow_stale")
                        .with(Kind.TEXTS, "services", "tags")
                        .with(Kind.TEXT_MAP, "node_meta")
                        .refreshed()
                        .http()
                        .rule(DiscoverySections::checkConsul));
        all.put(
                "nomad",
                SectionSchema.texts("server", "namespace", "region", "tag_separator")
                        .with(Kind.BOOL, "allow_stale")
                        .refreshed()
                        .http()
                        .required("server", "nomad SD configuration requires a server address"));
        all.put(
                "eureka",
                SectionSchema.texts("server")
                        .refreshed()
                        .http()
                        .required("server", "eureka_sd: empty or null eureka server")
                        .rule(section -> {
                            Optional<URI> url = SectionSchema.url(section.text("server", ""));
                            if (url.isEmpty()
                                    || url.get().getScheme() == null
                                    || url.get().getHost() == null) {
                                throw section.error("server", "eureka_sd: invalid eureka server URL");
                            }
                        }));
        all.put("nerve", zookeeper("nerve"));
        all.put("serverset", zookeeper("serverset"));
        all.put(
                "kuma",
                SectionSchema.texts("server", "client_id")
                        .with(Kind.DURATION, "fetch_timeout")
                        .refreshed()
                        .http()
                        .rule(section -> {
                            String server = section.text("server", "");
                            Optional<URI> url = SectionSchema.url(server);
                            if (url.isEmpty()
                                    || url.get().getScheme() == null
                                    || url.get().getHost() == null) {
                                throw section.error(
                                        "server", "kuma SD server must not be empty and have a scheme: " + server);
                            }
                        }));
        all.put(
                "marathon",
                SectionSchema.texts("auth_token", "auth_token_file")
                        .with(Kind.TEXTS, "servers")
                        .refreshed()
                        .http()
                        .requiredList("servers", "marathon_sd: must contain at least one Marathon server")
                        .rule(DiscoverySections::checkMarathon));
    }

    private static void checkConsul(Section section) throws ConfigException {
        if (section.text("server", "localhost:8500").isBlank()) {
            throw section.error("server", "consul SD configuration requires a server address");
        }
        if (section.count("username", "password") > 0 && section.has("basic_auth")) {
            throw section.error(
                    "at most one of consul SD configuration username and password and basic auth can be configured");
        }
        if (section.has("token") && section.count("authorization", "oauth2") > 0) {
            throw section.error("at most one of consul SD token, authorization, or oauth2 can be configured");
        }
    }

    private static SectionSchema zookeeper(String type) {
        return SectionSchema.texts()
                .with(Kind.TEXTS, "servers", "paths")
                .with(Kind.DURATION, "timeout")
                .requiredList("servers", type + " SD config must contain at least one Zookeeper server")
                .requiredList("paths", type + " SD config must contain at least one path")
                .rule(section -> {
                    for (String path : section.texts("paths")) {
                        if (!path.startsWith("/")) {
                            throw section.error("paths", type + " SD config paths must begin with '/': " + path);
                        }
                    }
                });
    }

    private static void checkMarathon(Section section) throws ConfigException {
        int tokens = section.count("auth_token", "auth_token_file");
        if (tokens > 1) {
            throw section.error("marathon_sd: at most one of auth_token & auth_token_file must be configured");
        }
        if (tokens > 0 && section.has("basic_auth")) {
            throw section.error(
                    "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured");
        }
        if (tokens > 0 && section.count("bearer_token", "bearer_token_file") > 0) {
            throw section.error("marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & "
                    + "auth_token_file must be configured");
        }
        if (tokens > 0 && section.has("authorization")) {
            throw section.error(
                    "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured");
        }
    }

    private static void containers(Map<String, SectionSchema> all) {
        all.put(
                "kubernetes",
                SectionSchema.texts("api_server", "role", "kubeconfig_file")
                        .with(Kind.OTHER, "namespaces", "selectors", "attach_metadata")
                        .http()
                        .rule(KubernetesSection::check));
        all.put(
                "docker",
                SectionSchema.texts("host", "host_networking_host")
                        .with(Kind.BOOL, "match_first_network")
                        .with(Kind.FILTERS, "filters")
                        .refreshedWithPort()
                        .http()
                        .required("host", "host missing"));
        all.put(
                "dockerswarm",
                SectionSchema.texts("host", "role")
                        .with(Kind.FILTERS, "filters")
                        .refreshedWithPort()
                        .http()
                        .required("host", "host missing")
                        .required("role", "role missing (one of: tasks, services, nodes)")
                        .oneOf(
                                "role",
                                "invalid role %s, expected tasks, services, or nodes",
                                "services",
                                "tasks",
                                "nodes"));
        all.put(
                "triton",
                SectionSchema.texts("account", "role", "dns_suffix", "endpoint")
                        .with(Kind.TEXTS, "groups")
                        .with(Kind.INTEGER, "version")
                        .with(Kind.TLS, "tls_config")
                        .refreshedWithPort()
                        .oneOf("role", "role must be either \"container\" or \"cn\": %s", "container", "cn")
                        .required("account", "triton SD configuration requires an account")
                        .required("dns_suffix", "triton SD configuration requires a dns_suffix")
                        .required("endpoint", "triton SD configuration requires an endpoint"));
    }

    private static SectionSchema aws(String... more) {
        return SectionSchema.texts(
                        "region", "endpoint", "access_key", "secret_key", "profile", "role_arn", "external_id")
                .with(Kind.TEXT, more)
                .refreshedWithPort()
                .http();
    }

    private static void checkFilterValues(Section section) throws ConfigException {
        for (ConfigNode filter : section.list("filters", "empty or null filter")) {
            if (Section.of(filter).texts("values").isEmpty()) {
                throw filter.error("EC2 SD configuration filter values cannot be empty");
            }
        }
    }

    private static void largeClouds(Map<String, SectionSchema> all) {
        all.put("ec2", aws().with(Kind.FILTERS, "filters").rule(DiscoverySections::checkFilterValues));
        all.put("lightsail", aws());
        all.put(
                "aws",
                aws("role")
                        .with(Kind.FILTERS, "filters")
                        .with(Kind.TEXTS, "clusters")
                        .required("role", "AWS SD configuration requires a role")
                        .oneOf(
                                "role",
                                "unknown AWS SD role \"%s\"",
                                "ec2",
                                "lightsail",
                                "ecs",
                                "msk",
                                "elasticache",
                                "rds")
                        .rule(DiscoverySections::checkFilterValues));
        all.put(
                "azure",
                SectionSchema.texts(
                                "environment",
                                "subscription_id",
                                "tenant_id",
                                "client_id",
                                "client_secret",
                                "authentication_method",
                                "resource_group")
                        .refreshedWithPort()
                        .http()
                        .rule(DiscoverySections::checkAzure));
        all.put(
                "gce",
                SectionSchema.texts("project", "zone", "filter", "tag_separator")
                        .refreshedWithPort()
                        .required("project", "GCE SD configuration requires a project")
                        .required("zone", "GCE SD configuration requires a zone"));
        all.put(
                "openstack",
                SectionSchema.texts(
                                "identity_endpoint",
                                "username",
                                "userid",
                                "password",
                                "project_name",
                                "project_id",
                                "domain_name",
                                "domain_id",
                                "application_credential_name",
                                "application_credential_id",
                                "application_credential_secret",
                                "role",
                                "region",
                                "availability")
                        .with(Kind.BOOL, "all_tenants")
                        .with(Kind.TLS, "tls_config")
                        .refreshedWithPort()
                        .oneOf("role", "unknown OpenStack SD role %s", "hypervisor", "instance", "loadbalancer")
                        .oneOf(
                                "availability",
                                "unknown availability %s, must be one of admin, internal or public",
                                "public",
                                "internal",
                                "admin")
                        .required("role", "role missing (one of: instance, hypervisor, loadbalancer)")
                        .required("region", "openstack SD configuration requires a region"));
        all.put(
                "oci",
                SectionSchema.texts("auth", "region", "tenancy", "user", "fingerprint", "key_file", "key_passphrase")
                        .with(Kind.TEXTS, "compartments")
                        .refreshedWithPort()
                        .http()
                        .oneOf(
                                "auth",
                                "oci_sd: unknown auth method \"%s\", expected \"api_key\" or \"instance_principal\"",
                                "api_key",
                                "instance_principal"));
    }

    private static void checkAzure(Section section) throws ConfigException {
        if (section.text("subscription_id", "").isEmpty()) {
            throw section.error("subscription_id", "azure SD configuration requires a subscription_id");
        }
        String method = section.text("authentication_method", "OAuth");
        switch (method) {
            case "", "OAuth" -> {
                for (String key : new String[] {"tenant_id", "client_id", "client_secret"}) {
                    if (section.text(key, "").isEmpty()) {
                        throw section.error(key, "azure SD configuration requires a " + key);
                    }
                }
            }
            case "ManagedIdentity", "SDK", "WorkloadIdentity" -> {}
            default ->
                throw section.error(
                        "authentication_method",
                        "unknown authentication_type \"" + method + "\". Supported types are \"OAuth\", "
                                + "\"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\"");
        }
    }

    private static void clouds(Map<String, SectionSchema> all) {
        all.put(
                "digitalocean",
                SectionSchema.texts("role")
                        .refreshedWithPort()
                        .http()
                        .oneOf("role", "unknown role \"%s\"", "droplets", "databases"));
        all.put(
                "hetzner",
                SectionSchema.texts("role", "label_selector")
                        .refreshedWithPort()
                        .http()
                        .required("role", "role missing (one of: robot, hcloud)")
                        .oneOf("role", "unknown role \"%s\"", "robot", "hcloud"));
        all.put(
                "ionos",
                SectionSchema.texts("datacenter_id")
                        .refreshedWithPort()
                        .http()
                        .required("datacenter_id", "datacenter id can't be empty"));
        all.put(
                "linode",
                SectionSchema.texts("tag_separator", "region")
                        .refreshedWithPort()
                        .http());
        all.put(
                "outscale",
                SectionSchema.texts("endpoint", "region", "access_key", "secret_key", "secret_key_file")
                        .refreshedWithPort()
                        .http()
                        .rule(section -> {
                            if (section.text("region", "eu-west-2").isEmpty()) {
                                throw section.error("region", "outscale SD configuration requires a region");
                            }
                        })
                        .rule(DiscoverySections::checkSecretKey)
                        .required("access_key", "outscale SD configuration requires access_key"));
        all.put(
                "ovhcloud",
                SectionSchema.texts("endpoint", "application_key", "application_secret", "consumer_key", "service")
                        .refreshed()
                        .required("application_key", "application key can not be empty")
                        .required("application_secret", "application secret can not be empty")
                        .required("consumer_key", "consumer key can not be empty")
                        .required("service", "unknown service: ")
                        .oneOf("service", "unknown service: %s", "vps", "dedicated_server"));
        all.put(
                "scaleway",
                SectionSchema.texts(
                                "project_id",
                                "api_url",
                                "zone",
                                "access_key",
                                "secret_key",
                                "secret_key_file",
                                "name_filter",
                                "role")
                        .with(Kind.TEXTS, "tags_filter")
                        .refreshedWithPort()
                        .http()
                        .oneOf("role", "unknown role \"%s\"", "instance", "baremetal")
                        .required("role", "role missing (one of: instance, baremetal)")
                        .required("project_id", "project_id is mandatory")
                        .rule(DiscoverySections::checkSecretKey)
                        .required("access_key", "access_key is mandatory"));
        all.put(
                "stackit",
                SectionSchema.texts(
                                "region",
                                "endpoint",
                                "project",
                                "service_account_key",
                                "private_key",
                                "service_account_key_path",
                                "private_key_path",
                                "credentials_file_path")
                        .refreshedWithPort()
                        .http()
                        .rule(section -> {
                            String endpoint = section.text("endpoint", "");
                            if (endpoint.isEmpty()
                                    && section.text("region", "eu01").isEmpty()) {
                                throw section.error("endpoint or region missing");
                            }
                            if (SectionSchema.url(endpoint).isEmpty()) {
                                throw section.error("endpoint", "invalid endpoint \"" + endpoint + "\"");
                            }
                        }));
        all.put("vultr", SectionSchema.texts().refreshedWithPort().http());
    }

    private static void checkSecretKey(Section section) throws ConfigException {
        int secrets = section.count("secret_key", "secret_key_file");
        if (secrets == 0) {
            throw section.error("one of secret_key & secret_key_file must be configured");
        }
        if (secrets > 1) {
            throw section.error("at most one of secret_key & secret_key_file must be configured");
        }
    }

    private static void inventories(Map<String, SectionSchema> all) {
        all.put(
                "puppetdb",
                SectionSchema.texts("url", "query")
                        .with(Kind.BOOL, "include_parameters")
                        .refreshedWithPort()
                        .http()
                        .httpUrl("url")
                        .required("query", "query missing"));
        all.put(
                "uyuni",
                SectionSchema.texts("server", "username", "password", "entitlement", "separator")
                        .refreshed()
                        .http()
                        .required("server", "Uyuni SD configuration requires server host")
                        .required("username", "Uyuni SD configuration requires a username")
                        .required("password", "Uyuni SD configuration requires a password"));
    }
}
