package org.narthex.launch;

import java.util.HashMap;
import java.util.Map;

import org.narthex.api.config.Flag;

/** The framework's properties, by which bundles also learn the flags. */
final class FrameworkProperties {
    /** Where bundles outside the shipped set stand: started when those are up. */
    static final int DROP_IN_LEVEL = 50;

    private static final String PACKAGES =
            exported("2.0.20", "org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi")
                    // Bundles made for the first generation of SLF4J work with the second.
                    + exported("1.7.36", "org.slf4j", "org.slf4j.helpers")
                    + exported("1.5.0", "org.osgi.service.log");

    /** What bundles/rest provides as well: promised here, it can be replaced without the whiteboard that needs it. */
    private static final String CAPABILITIES =
            "osgi.implementation;osgi.implementation=\"org.eclipse.osgitech.rest.adapter\";version:Version=\"2.0.0\","
                    + "osgi.implementation;osgi.implementation=\"osgi.jakartars\";version:Version=\"2.0.0\"";

    private FrameworkProperties() {}

    private static String exported(String version, String... packages) {
        StringBuilder out = new StringBuilder();
        for (String name : packages) {
            out.append(name).append(";version=\"").append(version).append("\",");
        }
        return out.toString();
    }

    static Map<String, Object> of(Settings settings, ConsolePassword password, long startedMs, int levels) {
        Map<String, Object> properties = new HashMap<>();
        settings.values().forEach((flag, value) -> properties.put(flag.property(), value));
        String home = settings.installation().home().toString();
        properties.put("narthex.home", home);
        properties.put("narthex.version", settings.installation().version());
        properties.put("narthex.web.external-path", settings.externalPath());
        properties.put("narthex.launched", "true");
        properties.put("narthex.started", Long.toString(startedMs));

        properties.put(
                "org.osgi.framework.storage",
                settings.stateFolder().resolve("osgi").toString());
        properties.put("org.osgi.framework.startlevel.beginning", Integer.toString(levels));
        properties.put("felix.startlevel.bundle", Integer.toString(DROP_IN_LEVEL));
        properties.put("org.osgi.framework.system.packages.extra", PACKAGES.substring(0, PACKAGES.length() - 1));
        properties.put("org.osgi.framework.system.capabilities.extra", CAPABILITIES);
        properties.put("felix.log.logger", new FrameworkLogger());
        // Parsed component descriptions are kept with the bundle cache: the XML parser need not be loaded at the next
        // start.
        properties.put("ds.cache.metadata", "true");
        properties.put(
                "felix.cm.dir", settings.stateFolder().resolve("configuration").toString());

        web(properties, settings, password);
        dropIns(properties, settings, home);
        return properties;
    }

    private static void web(Map<String, Object> properties, Settings settings, ConsolePassword password) {
        properties.put(
                "org.osgi.service.http.port",
                Integer.toString(settings.address().port()));
        if (!settings.address().host().isEmpty()) {
            properties.put("org.apache.felix.http.host", settings.address().host());
        }
        if (settings.path().length() > 1) {
            String path = settings.path();
            properties.put("org.apache.felix.http.context_path", path.substring(0, path.length() - 1));
        }
        properties.put("felix.webconsole.username", ConsolePassword.USER);
        properties.put("felix.webconsole.password", password.text());
    }

    private static void dropIns(Map<String, Object> properties, Settings settings, String home) {
        // The folder of configurations is the one FileInstall begins with; a configuration in it names the folder of
        // bundles.
        properties.put("felix.fileinstall.dir", home + "/conf");
        properties.put("felix.fileinstall.filter", ".*\\.(cfg|config)");
        properties.put("felix.fileinstall.poll", "1000");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put(
                "felix.fileinstall.tmpdir",
                settings.stateFolder().resolve("fileinstall").toString());
        properties.put("felix.fileinstall.start.level", Integer.toString(DROP_IN_LEVEL));
        properties.put("felix.fileinstall.active.level", Integer.toString(DROP_IN_LEVEL));
        properties.put(
                "felix.fileinstall.log.level", settings.value(Flag.LOG_LEVEL).equals("debug") ? "4" : "2");
    }
}
