package org.narthex.probe;

import java.io.IOException;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.config.YamlFiles;
import org.narthex.http.client.HttpClientsService;

/** Runs modules given as YAML, as the endpoint does. */
final class Probes {
    private static final HttpClientsService CLIENTS = new HttpClientsService();

    private Probes() {}

    static Modules modules(String yaml) {
        ModuleFile file = new ModuleFile(() -> CLIENTS);
        Modules modules = new Modules(new YamlFiles(), file, "");
        try {
            modules.use(file.read(new YamlFiles().parse("probe.yml", yaml)));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return modules;
    }

    /** The answer to a request; a key {@code scrape-timeout} is the header. */
    static ProbeRequests.Answer ask(String yaml, Map<String, String> parameters) throws IOException {
        return new ProbeRequests(modules(yaml)).answer(parameters::get, parameters.get("scrape-timeout"));
    }

    /** The page, with the log before it, of a module of which only the prober's own section is given, each line indented by four. */
    static String probe(String prober, String section, String target) throws IOException {
        String yaml = "modules:\n  m:\n    prober: " + prober + "\n    timeout: 5s\n    " + prober + ":\n      "
                + IpProtocol.PREFERRED + ": ip4\n" + section.indent(6);
        return ask(yaml, Map.of("module", "m", "target", target, "debug", "true"))
                .body();
    }
}
