package org.narthex.exporter.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.exporter.osgi.Fakes.fake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.ExporterContract;
import org.narthex.testkit.ExporterContractSink;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class OsgiExporterTest extends ExporterContract {
    private final List<Bundle> bundles = new ArrayList<>(List.of(
            bundle(0, "framework", Bundle.ACTIVE, Map.of(FrameworkStartLevel.class, frameworkLevel())),
            bundle(1, "a.b", Bundle.ACTIVE, Map.of(BundleStartLevel.class, bundleLevel(4))),
            bundle(
                    2,
                    "a.c",
                    Bundle.RESOLVED,
                    Map.of(
                            BundleRevision.class,
                            fake(BundleRevision.class, Map.of("getTypes", BundleRevision.TYPE_FRAGMENT))))));
    private final List<BundleListener> listeners = new ArrayList<>();

    private static FrameworkStartLevel frameworkLevel() {
        return fake(FrameworkStartLevel.class, Map.of("getStartLevel", 6, "getInitialBundleStartLevel", 1));
    }

    private static BundleStartLevel bundleLevel(int level) {
        return fake(BundleStartLevel.class, Map.of("getStartLevel", level));
    }

    private static Bundle bundle(long id, String name, int state, Map<Class<?>, ?> adapters) {
        Map<String, Object> answers = new HashMap<>();
        answers.put("getBundleId", id);
        answers.put("getSymbolicName", name);
        answers.put("getVersion", new Version("1.2.3"));
        answers.put("getState", state);
        answers.put("getLocation", "file:" + name);
        answers.put("getLastModified", 1_700_000_000_500L);
        answers.put("adapt", (Fakes.Answer) arguments -> adapters.get((Class<?>) arguments[0]));
        return fake(Bundle.class, answers);
    }

    private BundleContext context() {
        ServiceReference<?> one =
                fake(ServiceReference.class, Map.of("getProperty", new String[] {"a.Service", "a.Other"}));
        ServiceReference<?> two = fake(ServiceReference.class, Map.of("getProperty", new String[] {"a.Service"}));
        return fake(
                BundleContext.class,
                Map.of(
                        "getBundles", (Fakes.Answer) none -> bundles.toArray(Bundle[]::new),
                        "getBundle", (Fakes.Answer) none -> bundles.get(0),
                        "getAllServiceReferences", new ServiceReference<?>[] {one, two},
                        "addBundleListener", (Fakes.Answer) added -> listeners.add((BundleListener) added[0]),
                        "removeBundleListener",
                                (Fakes.Answer) removed -> listeners.remove((BundleListener) removed[0])));
    }

    private static ComponentDescriptionDTO component(String name) {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.name = name;
        description.bundle = new BundleDTO();
        description.bundle.symbolicName = "a.b";
        return description;
    }

    private static ServiceComponentRuntime runtime() {
        ComponentDescriptionDTO failed = component("Failed");
        ComponentDescriptionDTO disabled = component("Disabled");
        ComponentConfigurationDTO active = new ComponentConfigurationDTO();
        active.state = ComponentConfigurationDTO.ACTIVE;
        ComponentConfigurationDTO failure = new ComponentConfigurationDTO();
        failure.state = ComponentConfigurationDTO.FAILED_ACTIVATION;
        return fake(
                ServiceComponentRuntime.class,
                Map.of(
                        "getComponentDescriptionDTOs", List.of(failed, disabled),
                        "isComponentEnabled", (Fakes.Answer) asked -> asked[0] == failed,
                        "getComponentConfigurationDTOs", List.of(active, failure)));
    }

    private static ConfigurationAdmin admin() {
        Configuration plain = fake(Configuration.class, Map.of("getPid", "a.pid"));
        Configuration made = fake(Configuration.class, Map.of("getPid", "a.factory~x", "getFactoryPid", "a.factory"));
        return fake(ConfigurationAdmin.class, Map.of("listConfigurations", new Configuration[] {plain, made}));
    }

    @Override
    protected Exporter exporter() {
        return new OsgiExporter(context(), runtime(), admin());
    }

    @Test
    void countsAndDescribesWhatTheFrameworkHolds() throws Exception {
        ExporterContractSink sink = collect(exporter());
        assertThat(sink.value("osgi_framework_start_level")).isEqualTo(6);
        assertThat(sink.value("osgi_bundles", "state", "active")).isEqualTo(2);
        assertThat(sink.value("osgi_bundles", "state", "resolved")).isEqualTo(1);
        assertThat(sink.value("osgi_bundles", "state", "installed")).isZero();
        assertThat(sink.value("osgi_bundle_state", "id", "1", "bundle", "a.b", "version", "1.2.3"))
                .isEqualTo(Bundle.ACTIVE);
        assertThat(sink.value(
                        "osgi_bundle_info",
                        "id",
                        "2",
                        "bundle",
                        "a.c",
                        "version",
                        "1.2.3",
                        "type",
                        "fragment",
                        "location",
                        "file:a.c"))
                .isEqualTo(1);
        assertThat(sink.value("osgi_bundle_start_level", "id", "1", "bundle", "a.b", "version", "1.2.3"))
                .isEqualTo(4);
        assertThat(sink.value("osgi_service_registrations")).isEqualTo(2);
        assertThat(sink.value("osgi_services", "interface", "a.Service")).isEqualTo(2);
        assertThat(sink.value("osgi_components", "state", "failed_activation")).isEqualTo(1);
        assertThat(sink.value("osgi_components", "state", "disabled")).isEqualTo(1);
        assertThat(sink.value(
                        "osgi_component_configurations", "bundle", "a.b", "component", "Failed", "state", "active"))
                .isEqualTo(1);
        assertThat(sink.value("osgi_configurations")).isEqualTo(2);
        assertThat(sink.value("osgi_configuration_info", "pid", "a.factory~x", "factory_pid", "a.factory"))
                .isEqualTo(1);
    }

    @Test
    void doesWithoutComponentsAndConfigurations() throws Exception {
        ExporterContractSink sink = collect(new OsgiExporter(context(), null, null));
        assertThat(sink.families().keySet())
                .doesNotContainAnyElementsOf(Set.of("osgi_components", "osgi_configurations"));
        assertThat(sink.value("osgi_leaked_class_loaders")).isZero();
    }

    @Test
    void watchesTheClassLoadersOfBundlesThatAreStartedLater() throws Exception {
        OsgiExporter exporter = new OsgiExporter(context(), null, null);
        assertThat(collect(exporter).value("osgi_stale_class_loaders")).isZero();
        ClassLoader loader = new ClassLoader(null) {};
        BundleWiring gone = fake(BundleWiring.class, Map.of("getClassLoader", loader, "isInUse", false));
        Bundle late = bundle(7, "late", Bundle.ACTIVE, Map.of(BundleWiring.class, gone));
        listeners.get(0).bundleChanged(new BundleEvent(BundleEvent.STARTED, late));
        assertThat(collect(exporter).value("osgi_stale_class_loaders")).isEqualTo(1);
        exporter.close();
        assertThat(listeners).isEmpty();
    }
}
