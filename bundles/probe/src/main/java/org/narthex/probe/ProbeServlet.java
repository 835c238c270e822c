package org.narthex.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigFileReader;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.http.HttpClients;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /probe?module=&target=}; the file of modules is read again with each reload of the configuration. */
@Component(service = {Servlet.class, ConfigConsumer.class})
@HttpWhiteboardServletName("probe")
@HttpWhiteboardServletPattern("/probe")
public final class ProbeServlet extends HttpServlet implements ConfigConsumer {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeServlet.class);

    private final transient Modules modules;
    private final transient ProbeRequests requests;

    @Reference(
            name = "clients",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile HttpClients clients;

    @Activate
    public ProbeServlet(BundleContext context, @Reference(name = "yaml") ConfigFileReader yaml) {
        Flags flags = new Flags(context::getProperty);
        modules = new Modules(yaml, new ModuleFile(() -> clients), flags.text(Flag.PROBE_CONFIG_FILE));
        requests = new ProbeRequests(modules);
    }

    @Override
    public void check(Configuration candidate) throws ConfigException {
        if (modules.areUsers()) {
            modules.read();
        }
    }

    @Override
    public void apply(Configuration configuration) {
        if (modules.areUsers()) {
            try {
                modules.use(modules.read());
            } catch (ConfigException e) {
                LOG.error("Probe modules not reloaded, the old ones stay in force: {}", e.getMessage());
            }
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProbeRequests.Answer answer =
                requests.answer(request::getParameter, request.getHeader("X-Prometheus-Scrape-Timeout-Seconds"));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        response.setContentType(answer.contentType());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
