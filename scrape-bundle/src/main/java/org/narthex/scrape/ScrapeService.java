package org.narthex.scrape;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.scrape.SeriesReport;
import org.narthex.api.storage.Storage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Connects the scraper with the services it works with, all of which may come and go. */
@Component(
        immediate = true,
        service = {ConfigConsumer.class, ScrapeTargets.class})
public final class ScrapeService implements ConfigConsumer, ScrapeTargets {
    private final Scraper scraper;
    private final ServiceRegistration<Exporter> selfMetrics;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile HttpClients httpClients;

    @Activate
    public ScrapeService(BundleContext context) {
        Flags flags = new Flags(context::getProperty);
        scraper = new Scraper(
                new Threads(Clock.systemUTC()),
                () -> httpClients,
                "Narthex/" + context.getBundle().getVersion(),
                flags.isOn(Flag.SCRAPE_ADJUST_TIMESTAMPS) ? flags.durationMs(Flag.SCRAPE_TIMESTAMP_TOLERANCE) : 0,
                flags.durationMs(Flag.SCRAPE_DISCOVERY_RELOAD),
                Scraper.externalHost(flags.text(Flag.WEB_EXTERNAL_URL)),
                Features.of(flags),
                new SeriesGuard(
                        flags.integer(Flag.SCRAPE_SERIES_BUDGET), flags.integer(Flag.SCRAPE_SERIES_BUDGET_PER_JOB)));
        // Not a service of this component: it would be a reference of the component to itself.
        selfMetrics = context.registerService(
                Exporter.class,
                scraper::collect,
                FrameworkUtil.asDictionary(Map.of(Exporter.NAME, Exporter.SELF, Exporter.ON_DEMAND, true)));
    }

    @Deactivate
    void stop() {
        selfMetrics.unregister();
        scraper.stop();
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setStorage(Storage storage) {
        scraper.storage(storage);
    }

    void unsetStorage(Storage storage) {
        scraper.removeStorage(storage);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addExporter(Exporter exporter, Map<String, Object> properties) {
        scraper.addExporter(exporter, properties);
    }

    void removeExporter(Exporter exporter) {
        scraper.removeExporter(exporter);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addDiscoveryProvider(DiscoveryProvider provider, Map<String, Object> properties) {
        scraper.addProvider(String.valueOf(properties.get(DiscoveryProvider.TYPE)), provider);
    }

    void removeDiscoveryProvider(DiscoveryProvider provider, Map<String, Object> properties) {
        scraper.removeProvider(String.valueOf(properties.get(DiscoveryProvider.TYPE)), provider);
    }

    @Override
    public void check(Configuration candidate) throws ConfigException {
        scraper.check(candidate);
    }

    @Override
    public void apply(Configuration configuration) {
        scraper.apply(configuration);
    }

    @Override
    public List<Active> active() {
        return scraper.active();
    }

    @Override
    public List<TargetMetadata> metadata(String metric) {
        return scraper.metadata(metric);
    }

    @Override
    public SeriesReport series(String job, int limit) {
        return scraper.series(job, limit);
    }

    @Override
    public List<Dropped> dropped() {
        return scraper.dropped();
    }
}
