package org.narthex.discovery.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.discovery.dns.DnsMessage.Answer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Discovers targets by records of the domain name system, {@code dns_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=dns",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class DnsDiscoveryProvider extends RefreshingProvider {
    private static final Logger LOG = LoggerFactory.getLogger(DnsDiscoveryProvider.class);
    private static final long REFRESH_MS = 30_000;

    private final Resolver resolver;
    private long lookups;
    private long failedLookups;

    @Activate
    public DnsDiscoveryProvider() {
        this(Resolver.ofSystem());
    }

    DnsDiscoveryProvider(Resolver resolver) {
        super("dns");
        this.resolver = resolver;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        section.onlyKeys("names", "type", "port", "refresh_interval");
        List<String> names = section.strings("names");
        if (names.isEmpty()) {
            throw section.error("DNS-SD config must contain at least one SRV record name");
        }
        DnsMessage.Type type;
        try {
            type = DnsMessage.Type.valueOf(section.string("type", "SRV").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw section.require("type").error("invalid DNS-SD records type " + section.string("type", ""));
        }
        int port = (int) section.integer("port", 0);
        if (port == 0 && type != DnsMessage.Type.SRV) {
            throw section.error("a port is required in DNS-SD configs for all record types except SRV");
        }
        return new Names(names, type, port, section.durationMs("refresh_interval", REFRESH_MS));
    }

    private synchronized void looked(boolean good) {
        lookups++;
        failedLookups += good ? 0 : 1;
    }

    @Override
    public synchronized void collect(MetricSink sink) throws Exception {
        super.collect(sink);
        sink.counter("prometheus_sd_dns_lookups_total", "The number of DNS-SD lookups.", (double) lookups);
        sink.counter("prometheus_sd_dns_lookup_failures_total", "The number of DNS-SD lookup failures.", (double)
                failedLookups);
    }

    /** Names to look up; what a name had last stays while it cannot be looked up. */
    private final class Names implements Source {
        private final List<String> names;
        private final DnsMessage.Type type;
        private final int port;
        private final long refreshMs;
        private final Map<String, TargetGroup> last = new HashMap<>();

        Names(List<String> names, DnsMessage.Type type, int port, long refreshMs) {
            this.names = names;
            this.type = type;
            this.port = port;
            this.refreshMs = refreshMs;
        }

        @Override
        public long refreshMs() {
            return refreshMs;
        }

        @Override
        public List<TargetGroup> fetch() throws IOException {
            IOException failure = null;
            for (String name : names) {
                try {
                    last.put(name, group(name, resolver.resolve(name, type)));
                    looked(true);
                } catch (IOException e) {
                    looked(false);
                    failure = e;
                }
            }
            if (last.isEmpty() && failure != null) {
                throw failure;
            }
            if (failure != null) {
                LOG.debug("A name keeps its last targets", failure);
            }
            return new ArrayList<>(last.values());
        }

        private TargetGroup group(String name, List<Answer> answers) {
            List<Labels> targets = new ArrayList<>();
            for (Answer answer : answers) {
                MetaLabels labels = MetaLabels.of("__meta_dns_").set("name", name);
                String host = answer.target();
                int at = port;
                switch (answer.type()) {
                    case SRV -> {
                        labels.set("srv_record_target", host).set("srv_record_port", Integer.toString(answer.port()));
                        at = answer.port();
                    }
                    case MX -> labels.set("mx_record_target", host);
                    case NS -> labels.set("ns_record_target", host);
                    default -> {}
                }
                // A name's final dot disturbs some servers.
                targets.add(
                        labels.address(host.replaceAll("(?<=.)\\.$", ""), at).build());
            }
            return new TargetGroup(name, targets, Labels.EMPTY);
        }
    }
}
