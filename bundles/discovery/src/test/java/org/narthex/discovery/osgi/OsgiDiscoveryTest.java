package org.narthex.discovery.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.DiscoveryContract;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** In a framework of its own. */
class OsgiDiscoveryTest extends DiscoveryContract {
    @TempDir
    Path storage;

    private Framework framework;
    private BundleContext context;
    private OsgiDiscoveryProvider provider;
    private final Map<String, ServiceRegistration<?>> registered = new LinkedHashMap<>();

    @BeforeEach
    void start() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString()));
        framework.start();
        context = framework.getBundleContext();
        provider = new OsgiDiscoveryProvider(context);
    }

    @AfterEach
    void stop() throws Exception {
        provider.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    private ServiceRegistration<?> register(Object service, Class<?> type, Object... properties) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put((String) properties[i], properties[i + 1]);
        }
        return context.registerService(type.getName(), service, FrameworkUtil.asDictionary(all));
    }

    @Override
    protected DiscoveryProvider provider() {
        return provider;
    }

    @Override
    protected ConfigNode section() {
        return ConfigNode.of(Map.of("filter", "(metrics=yes)"));
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.of(Map.of("filter", "metrics=yes"));
    }

    @Override
    protected void publish(List<String> addresses) {
        registered.entrySet().removeIf(entry -> {
            if (!addresses.contains(entry.getKey())) {
                entry.getValue().unregister();
                return true;
            }
            return false;
        });
        for (String address : addresses) {
            registered.computeIfAbsent(
                    address,
                    key -> register(
                            (Runnable) () -> {}, Runnable.class, "metrics", "yes", "narthex.target.address", address));
        }
    }

    @Test
    void labelsAServiceByItsProperties() throws Exception {
        ServiceRegistration<?> service = register(
                (Runnable) () -> {},
                Runnable.class,
                "metrics",
                "yes",
                "narthex.target.address",
                new String[] {"a:1", "b:2"},
                "narthex.target.path",
                "/stats",
                "pool.names",
                List.of("x", "y"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1", "b:2");
            var labels = groups.all().get(0).labels();
            assertThat(labels.get("__metrics_path__")).isEqualTo("/stats");
            assertThat(labels.get("__meta_osgi_property_pool_names")).isEqualTo(",x,y,");
            assertThat(labels.get("__meta_osgi_service_interfaces")).isEqualTo(",java.lang.Runnable,");
            assertThat(labels.get("__meta_osgi_bundle_symbolic_name")).contains("felix");
            Map<String, Object> changed =
                    new LinkedHashMap<>(Map.of("metrics", "yes", "narthex.target.address", "c:3"));
            service.setProperties(FrameworkUtil.asDictionary(changed));
            groups.awaitAddresses("c:3");
            changed.put("metrics", "no");
            service.setProperties(FrameworkUtil.asDictionary(changed));
            groups.awaitAddresses();
        }
    }

    @Test
    void findsExportersOfThisProcess() throws Exception {
        register((Exporter) sink -> {}, Exporter.class, Exporter.NAME, "greenhouse");
        Groups groups = new Groups();
        ConfigNode section = ConfigNode.of(Map.of("filter", "(objectClass=" + Exporter.class.getName() + ")"));
        try (DiscoveryProvider.Discovery running = provider.start(section, groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("localhost");
            assertThat(groups.all().get(0).labels().get(Exporter.TARGET_LABEL)).isEqualTo("greenhouse");
        }
    }

    @Test
    void takesTheAddressOfTheSectionWhereAServiceHasNone() throws Exception {
        register((Runnable) () -> {}, Runnable.class, "metrics", "yes");
        Groups groups = new Groups();
        ConfigNode section = ConfigNode.of(Map.of("filter", "(metrics=yes)", "address", "host:8080"));
        try (DiscoveryProvider.Discovery running = provider.start(section, groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("host:8080");
        }
    }
}
