package org.narthex.rest;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

import jakarta.ws.rs.core.Application;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Alertmanager's API, version 2, as an application of the whiteboard of its own beside {@link ApiApplication}. */
@Component(
        service = Application.class,
        property = {
            "osgi.jakartars.application.base=" + AlertmanagerApplication.BASE,
            "osgi.jakartars.name=narthex-alertmanager"
        })
public final class AlertmanagerApplication extends Application {
    /** Below the whiteboard's own root. */
    static final String BASE = "/v2";

    private final Set<Object> singletons;

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
        singletons = Set.of(
                new AlertsResource(services, BuildInfo.of(version), clock),
                new SilencesResource(services, clock),
                new ApiFilter(readiness, new Cors(flags.text(Flag.WEB_CORS_ORIGIN))),
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
}
