package org.narthex.rest;

import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

import jakarta.ws.rs.core.Application;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Narthex' own resources as one application of the whiteboard. They ask {@link LiveServices} anew for each request, so that nothing that is
 * swapped behind them makes the whiteboard build the application again.
 */
@Component(
        service = Application.class,
        property = {"osgi.jakartars.application.base=" + ApiApplication.BASE, "osgi.jakartars.name=narthex"})
public final class ApiApplication extends Application {
    /** Below the whiteboard's own root. */
    static final String BASE = "/v1";

    /** What Jersey would look for in all bundles while it starts, and Narthex has no use for. */
    static final Map<String, Object> PROPERTIES = Map.of(
            "jersey.config.disableAutoDiscovery", true,
            "jersey.config.disableMetainfServicesLookup", true,
            "jersey.config.disableJsonProcessing", true,
            "jersey.config.disableDefaultProvider", "ALL",
            "jersey.config.server.wadl.disableWadl", true,
            "jersey.config.beanValidation.disable.server", true,
            "jersey.config.server.resource.validation.disable", true,
            "jersey.config.server.response.setStatusOverSendError", true);

    private final Set<Object> singletons;

    @Activate
    public ApiApplication(
            BundleContext context,
            @Reference(name = "services") LiveServices services,
            @Reference(name = "readiness") Readiness readiness) {
        this(
                services,
                readiness,
                new Flags(context::getProperty),
                version(context.getBundle().getVersion()),
                Clock.systemUTC());
    }

    ApiApplication(LiveServices services, Readiness readiness, Flags flags, String version, InstantSource clock) {
        singletons = Set.of(
                new ExpressionResource(services),
                new QueriesResource(services),
                new SeriesResource(services),
                new MetadataResource(services),
                new AdminResource(
                        services, flags.isOn(Flag.WEB_ENABLE_ADMIN_API), Path.of(flags.text(Flag.STORAGE_PATH)), clock),
                new TargetsResource(services),
                new SeriesBudgetResource(services),
                new RulesResource(services),
                new RuleTimeMachineResource(services, flags.isOn(Flag.WEB_ENABLE_ADMIN_API), clock),
                new AlertDeskResource(services, clock),
                new StatusResource(services, flags, BuildInfo.of(version), clock),
                new ApiFilter(readiness, new Cors(flags.text(Flag.WEB_CORS_ORIGIN), Cors.READ_AND_POST)),
                new ApiErrors(),
                new QueryBody(),
                new JsonbBody());
    }

    static String version(Version version) {
        return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    }

    @Override
    @SuppressWarnings("deprecation") // the one way to give the whiteboard resources that were not made by it
    public Set<Object> getSingletons() {
        return singletons;
    }

    @Override
    public Map<String, Object> getProperties() {
        return PROPERTIES;
    }
}
