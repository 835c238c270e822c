package org.narthex.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.inject.Inject;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.http.HttpClients;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.storage.Storage;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/** The shipped set of bundles inside a framework: all resolve and activate, and the engine's services come back after a restart of their bundle. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BundlesIT {
    /** The contracts; and SPI Fly, which the classes it wove call. */
    private static final Set<String> EXPORTING = Set.of("org.narthex.api", "org.narthex.service-loader");

    private static final Path HOME =
            Path.of(System.getProperty("narthex.distribution", "../distribution/target/narthex"));

    @Inject
    private BundleContext context;

    @Configuration
    public static Option[] theShippedSet() throws IOException {
        List<Option> options = new ArrayList<>(List.of(junitBundles()));
        try (Stream<Path> jars = Files.walk(HOME.resolve("bundles"))) {
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                boolean fragment = new java.util.jar.JarFile(jar.toFile())
                                .getManifest()
                                .getMainAttributes()
                                .getValue(Constants.FRAGMENT_HOST)
                        != null;
                int level = Integer.parseInt(jar.getParent().getFileName().toString());
                options.add(bundle("reference:" + jar.toUri()).startLevel(level).start(!fragment));
            }
        }
        options.add(frameworkStartLevel(100));
        Path data = Files.createTempDirectory("narthex-itest");
        options.add(frameworkProperty("narthex.flag.storage.tsdb.path").value(data.toString()));
        options.add(frameworkProperty("narthex.flag.config.file")
                .value(HOME.resolve("conf/prometheus.yml").toString()));
        options.add(frameworkProperty("org.osgi.service.http.port").value(Integer.toString(RunningNarthex.freePort())));
        options.add(frameworkProperty("org.apache.felix.http.host").value("127.0.0.1"));
        // What the launcher offers from its class path.
        options.add(systemPackages(
                "org.slf4j;version=2.0.20",
                "org.slf4j.event;version=2.0.20",
                "org.slf4j.helpers;version=2.0.20",
                "org.slf4j.spi;version=2.0.20",
                "org.slf4j;version=1.7.36",
                "org.slf4j.helpers;version=1.7.36",
                "org.osgi.service.log;version=1.5.0"));
        return options.toArray(new Option[0]);
    }

    @Test
    public void everyBundleIsActive() {
        Set<String> idle = new TreeSet<>();
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
            if (bundle.getState() != (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)) {
                idle.add(bundle.getSymbolicName() + " is in state " + bundle.getState());
            }
        }
        assertEquals(Set.of(), idle);
        assertTrue("the whole set is there", context.getBundles().length > 50);
    }

    @Test
    public void everyServiceOfTheDesignIsThere() throws Exception {
        for (Class<?> service : List.of(
                Storage.class,
                QueryEngine.class,
                ConfigSource.class,
                ScrapeTargets.class,
                RuleStates.class,
                HttpClients.class,
                Exporter.class,
                DiscoveryProvider.class,
                AlertChannel.class)) {
            await(service);
        }
    }

    @Test
    public void anEngineComesBackAfterItsBundleWasRestarted() throws Exception {
        for (Class<?> service : List.of(Storage.class, QueryEngine.class, ScrapeTargets.class, RuleStates.class)) {
            ServiceReference<?> before = await(service);
            Bundle bundle = before.getBundle();
            bundle.stop();
            assertEquals(Bundle.RESOLVED, bundle.getState());
            bundle.start();
            assertTrue("a new service", await(service).compareTo(before) != 0);
        }
    }

    @Test
    public void bundlesOfTheEngineSeeNothingOfEachOther() throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            String name = String.valueOf(bundle.getSymbolicName());
            if (name.startsWith("org.narthex.") && !EXPORTING.contains(name)) {
                assertEquals(
                        name + " exports nothing", null, bundle.getHeaders().get(Constants.EXPORT_PACKAGE));
            }
        }
    }

    private ServiceReference<?> await(Class<?> service) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        ServiceReference<?> reference = context.getServiceReference(service);
        while (reference == null && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            reference = context.getServiceReference(service);
        }
        assertNotNull(service.getName() + " is registered", reference);
        return reference;
    }
}
