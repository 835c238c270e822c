package org.narthex.exporter.osgi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Components of Declarative Services: each configuration of one that is enabled has a state. */
final class ComponentMetrics {
    private static final String DISABLED = "disabled";
    private static final Map<Integer, String> STATES = new LinkedHashMap<>();

    static {
        STATES.put(ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION, "unsatisfied_configuration");
        STATES.put(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "unsatisfied_reference");
        STATES.put(ComponentConfigurationDTO.SATISFIED, "satisfied");
        STATES.put(ComponentConfigurationDTO.ACTIVE, "active");
        STATES.put(ComponentConfigurationDTO.FAILED_ACTIVATION, "failed_activation");
    }

    private ComponentMetrics() {}

    /** A component's states, by their names, with the number of its configurations in each. */
    private record Component(String bundle, String name, Map<String, Integer> states) {}

    static void write(MetricSink sink, ServiceComponentRuntime runtime) {
        List<Component> components = runtime.getComponentDescriptionDTOs().stream()
                .map(description -> component(runtime, description))
                .toList();
        Map<String, Integer> counts = new LinkedHashMap<>();
        STATES.values().forEach(state -> counts.put(state, 0));
        counts.put(DISABLED, 0);
        components.forEach(
                component -> component.states().forEach((state, count) -> counts.merge(state, count, Integer::sum)));
        sink.family(
                "osgi_components",
                MetricType.GAUGE,
                "Number of configurations of components by state; those that are disabled count once.");
        counts.forEach((state, count) -> sink.sample("osgi_components", count, "state", state));
        sink.family(
                "osgi_component_configurations",
                MetricType.GAUGE,
                "Number of configurations of the component in that state.");
        for (Component component : components) {
            component
                    .states()
                    .forEach((state, count) -> sink.sample(
                            "osgi_component_configurations",
                            count,
                            "bundle",
                            component.bundle(),
                            "component",
                            component.name(),
                            "state",
                            state));
        }
    }

    private static Component component(ServiceComponentRuntime runtime, ComponentDescriptionDTO description) {
        Map<String, Integer> states = new TreeMap<>();
        if (runtime.isComponentEnabled(description)) {
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
                states.merge(STATES.getOrDefault(configuration.state, "unknown"), 1, Integer::sum);
            }
        } else {
            states.put(DISABLED, 1);
        }
        return new Component(description.bundle.symbolicName, description.name, states);
    }
}
