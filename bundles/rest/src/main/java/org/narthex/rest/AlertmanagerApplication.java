package org.narthex.rest;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

import jakarta.ws.rs.core.Application;

import org.narthex.api.alert.Alertmanager;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Alertmanager's API, version 2, as an application of the whiteboard of its own beside {@link ApiApplication}, and what Alertmanager tells of it in its
 * metrics.
 */
@Component(
        service = {Application.class, Exporter.class},
        property = {
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true",
            "osgi.jakartars.application.base=" + AlertmanagerApplication.BASE,
            "osgi.jakartars.name=narthex-alertmanager"
        })
public final class AlertmanagerApplication extends Application implements Exporter {
    /** Below the whiteboard's own root. */
    static final String BASE = "/v2";

    private final Set<Object> singletons;
    private final LiveServices services;
    private final AlertsResource alerts;
    private final BuildInfo build;

    @Activate
    public AlertmanagerApplication(
            BundleContext context,
            @Reference(name = "services") LiveServices services,
            @Reference(name = "readiness") Readiness readiness) {
        this(
                services,
                readiness,
                new Flags(context::getProperty),
                ApiApplication.version(context.getBundle().getVersion()),
                Clock.systemUTC());
    }

    AlertmanagerApplication(
            LiveServices services, Readiness readiness, Flags flags, String version, InstantSource clock) {
        this.services = services;
        build = BuildInfo.of(version);
        alerts = new AlertsResource(services, build, clock);
        singletons = Set.of(
                alerts,
                new SilencesResource(services, clock),
                new ApiFilter(readiness, new Cors(flags.text(Flag.WEB_CORS_ORIGIN), "GET, POST, DELETE, OPTIONS")),
                new AlertmanagerErrors(),
                new QueryBody());
    }

    @Override
    @SuppressWarnings("deprecation") // the one way to give the whiteboard resources that were not made by it
    public Set<Object> getSingletons() {
        return singletons;
    }

    @Override
    public Map<String, Object> getProperties() {
        return ApiApplication.PROPERTIES;
    }

    @Override
    public void collect(MetricSink sink) {
        if (!services.alertmanager.get().map(Alertmanager::isOn).orElse(false)) {
            return;
        }
        sink.family(
                "alertmanager_alerts_invalid_total",
                MetricType.COUNTER,
                "The total number of received alerts that were invalid.");
        sink.sample("alertmanager_alerts_invalid_total", (double) alerts.invalid(), "version", "v2");
        sink.family(
                "alertmanager_build_info",
                MetricType.GAUGE,
                "A metric with a constant '1' value labeled by version, revision, branch, goversion from which alertmanager was built,"
                        + " and the goos and goarch for the build.");
        sink.sample(
                "alertmanager_build_info",
                1,
                "branch",
                build.branch(),
                "goversion",
                build.goVersion(),
                "revision",
                build.revision(),
                "version",
                build.version());
    }
}
