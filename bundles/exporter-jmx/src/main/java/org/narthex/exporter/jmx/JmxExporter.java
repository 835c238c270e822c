package org.narthex.exporter.jmx;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.management.MBeanServer;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.DocumentReader;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** MBeans of this process. There may be several exporters, each by a configuration with a name and rules of its own. */
@Component(
        configurationPid = "org.narthex.exporter.jmx",
        property = {Exporter.NAME + "=jmx", Exporter.ON_DEMAND + ":Boolean=true"})
public final class JmxExporter implements Exporter {
    /** {@code config.file} is the file of rules; without one all beans are written by the default rule. */
    @interface Config {
        String config_file() default "";
    }

    private final Supplier<MBeanServer> server;
    private final RuleFile rules;
    private final InstantSource clock;
    private final long startedAtMs;
    /** Guards the rules, and what is made by them. */
    private final Object lock = new Object();

    /** The number of reloads when the scraper was made. */
    private int madeBy;

    private Optional<JmxScraper> scraper = Optional.empty();

    @Activate
    public JmxExporter(Config config, @Reference(name = "documents") DocumentReader documents) {
        this(
                ManagementFactory::getPlatformMBeanServer,
                new RuleFile(
                        config.config_file().isEmpty() ? Optional.empty() : Optional.of(Path.of(config.config_file())),
                        documents),
                Clock.systemUTC());
    }

    /** @param server asked for when it is needed first: making the platform's takes long */
    JmxExporter(Supplier<MBeanServer> server, RuleFile rules, InstantSource clock) {
        this.server = server;
        this.rules = rules;
        this.clock = clock;
        startedAtMs = clock.millis();
    }

    @Override
    public void collect(MetricSink sink) throws IOException, ConfigException {
        long start = System.nanoTime();
        Optional<JmxScraper> current = scraper();
        if (current.isPresent()) {
            current.get().scrape(sink);
            sink.gauge(
                    "jmx_scrape_duration_seconds",
                    "Time this JMX scrape took, in seconds.",
                    (System.nanoTime() - start) / 1e9);
            // A scrape that fails as a whole fails the target instead.
            sink.gauge("jmx_scrape_error", "Non-zero if this scrape failed.", 0);
        }
        synchronized (lock) {
            sink.counter(
                    "jmx_config_reload_success_total",
                    "Number of times configuration have successfully been reloaded.",
                    rules.reloads());
            sink.counter(
                    "jmx_config_reload_failure_total",
                    "Number of times configuration have failed to be reloaded.",
                    rules.failures());
        }
    }

    /** None before the delay of the rules is over. */
    private Optional<JmxScraper> scraper() throws IOException, ConfigException {
        synchronized (lock) {
            Settings now = rules.current();
            if (clock.millis() - startedAtMs < now.startDelayMs()) {
                return Optional.empty();
            }
            if (scraper.isEmpty() || rules.reloads() != madeBy) {
                madeBy = rules.reloads();
                scraper = Optional.of(new JmxScraper(server.get(), now));
            }
            return scraper;
        }
    }
}
