package org.narthex.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;

/** Reads modules as blackbox_exporter's file has them. */
final class ModuleFile {
    private static final List<String> SECTIONS = List.of("http", "tcp", "dns", "icmp", "grpc", "unix");

    private final Supplier<HttpClients> clients;

    /** @param clients gives null while there are none */
    ModuleFile(Supplier<HttpClients> clients) {
        this.clients = clients;
    }

    /** All modules by name. */
    Map<String, Module> read(ConfigNode root) throws ConfigException {
        root.onlyKeys("modules");
        Map<String, Module> modules = new LinkedHashMap<>();
        Optional<ConfigNode> all = root.given("modules");
        if (all.isPresent()) {
            for (Map.Entry<String, ConfigNode> entry : all.get().entries().entrySet()) {
                modules.put(entry.getKey(), module(entry.getKey(), entry.getValue()));
            }
        }
        return modules;
    }

    private Module module(String name, ConfigNode node) throws ConfigException {
        node.onlyKeys("prober", "timeout", "http", "tcp", "dns", "icmp", "grpc", "unix");
        String kind = node.string("prober", "");
        if (!SECTIONS.contains(kind)) {
            throw node.get("prober")
                    .orElse(node)
                    .error("prober \"" + kind + "\" is not valid: expected http, tcp, dns, icmp, grpc or unix");
        }
        Module module = null;
        for (String section : SECTIONS) {
            // Sections of other probers have no effect, but mistakes in them are told.
            Optional<ConfigNode> given = node.given(section);
            boolean isProber = section.equals(kind);
            if (given.isPresent() || isProber) {
                ConfigNode read = given.orElse(ConfigNode.mapping(node.file(), node.line(), node.path(), Map.of()));
                Prober prober = prober(section, read);
                module = isProber
                        ? new Module(name, prober, node.durationMs("timeout", 0), ModuleText.of(node))
                        : module;
            }
        }
        return module;
    }

    private Prober prober(String kind, ConfigNode section) throws ConfigException {
        return switch (kind) {
            case "http" -> new HttpProber(HttpSettings.read(section), clients);
            case "tcp" -> new TcpProber(section, clients);
            case "dns" -> new DnsProber(section, clients);
            case "grpc" -> GrpcProber.read(section, clients);
            case "icmp" -> new IcmpProber(section, "ping");
            case "unix" -> new UnixProber(section, clients);
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
