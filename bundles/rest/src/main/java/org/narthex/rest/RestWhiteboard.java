package org.narthex.rest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.Servlet;

import org.eclipse.osgitech.rest.runtime.JerseyServiceRuntime;
import org.glassfish.jersey.server.ResourceConfig;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.servlet.context.ServletContextHelper;

/**
 * Puts the applications of the Jakarta RESTful whiteboard onto the HTTP whiteboard, below {@code /api}: {@code /api/v1} is Narthex' own, other
 * bundles choose bases of theirs, and what belongs to no application is found at {@code /api} itself.
 *
 * <p>Each application has a servlet context of its own, for the context with the longest path is asked first; a plain servlet below
 * {@code /api/v1} therefore needs a context with a longer path.
 */
@Component(service = RestWhiteboard.class, immediate = true)
public final class RestWhiteboard {
    /** The servlet context of Narthex' own application, for servlets that stand beside it. */
    static final String OWN_CONTEXT = "rest.api.v1";

    /** That of {@link AlertmanagerApplication}. */
    static final String ALERTMANAGER_CONTEXT = "rest.api.v2";

    static final String ROOT = "/api";
    private static final int TEARDOWN_SECONDS = 3;

    private record Mount(ServiceRegistration<?> context, ServiceRegistration<?> servlet) {
        void unregister() {
            servlet.unregister();
            context.unregister();
        }
    }

    private final BundleContext context;
    private final Readiness readiness;
    private final Map<String, Mount> mounts = new ConcurrentHashMap<>();
    private final JerseyServiceRuntime<ApplicationServlet> runtime;

    /** @param jersey says that Jersey's own bundles are up */
    @Activate
    public RestWhiteboard(
            BundleContext context,
            @Reference(name = "readiness") Readiness readiness,
            @Reference(name = "jersey", target = "(osgi.condition.id=jersey.runtime)") Condition jersey) {
        this.context = context;
        this.readiness = readiness;
        runtime = new JerseyServiceRuntime<>(context, this::mount, this::unmount);
        runtime.start(Map.of("osgi.jakartars.endpoint", ROOT, "service.description", "REST whiteboard of Narthex"));
    }

    @Deactivate
    public void stop() {
        runtime.teardown(TEARDOWN_SECONDS, TimeUnit.SECONDS);
    }

    /** @param path of the application below the root, with slashes as its author wrote them */
    private ApplicationServlet mount(String path, ResourceConfig config) {
        String contextPath = contextPath(path);
        boolean own = contextPath.equals(ROOT + ApiApplication.BASE);
        String name = "rest" + contextPath.replace('/', '.');
        ApplicationServlet servlet = new ApplicationServlet(config, own);
        ServiceRegistration<?> helper = context.registerService(
                ServletContextHelper.class,
                new ServletContextHelper() {},
                FrameworkUtil.asDictionary(Map.of(
                        "osgi.http.whiteboard.context.name", name, "osgi.http.whiteboard.context.path", contextPath)));
        ServiceRegistration<?> registration = context.registerService(
                Servlet.class,
                servlet,
                FrameworkUtil.asDictionary(Map.of(
                        "osgi.http.whiteboard.servlet.name",
                        name,
                        "osgi.http.whiteboard.servlet.pattern",
                        "/*",
                        "osgi.http.whiteboard.servlet.asyncSupported",
                        true,
                        "osgi.http.whiteboard.context.select",
                        "(osgi.http.whiteboard.context.name=" + name + ")")));
        mounts.put(path, new Mount(helper, registration));
        if (own) {
            readiness.apiMounted(true);
        }
        return servlet;
    }

    private void unmount(String path, ApplicationServlet servlet) {
        if (contextPath(path).equals(ROOT + ApiApplication.BASE)) {
            readiness.apiMounted(false);
        }
        Mount mount = mounts.remove(path);
        if (mount != null) {
            mount.unregister();
        }
    }

    static String contextPath(String path) {
        String trimmed = path.endsWith("/*") ? path.substring(0, path.length() - 2) : path;
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        return trimmed.isEmpty() ? ROOT : ROOT + (trimmed.startsWith("/") ? "" : "/") + trimmed;
    }
}
