package org.narthex.launch;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/** Installs and starts the bundles of one or several start levels; one that fails does not keep the others. */
final class Stage {
    private static final Logger LOG = Logger.getLogger(Stage.class.getName());

    private final Framework framework;
    private final BundleContext context;
    private final BundleSet set;
    private final List<Bundle> bundles = new ArrayList<>();

    /** The framework is given as well since its context, unlike itself, cannot be asked any more once it stops. */
    Stage(Framework framework, BundleContext context, BundleSet set) {
        this.framework = framework;
        this.context = context;
        this.set = set;
    }

    Stage install(int... levels) {
        for (int level : levels) {
            for (File jar : set.at(level)) {
                try {
                    // By reference: the framework reads the jar where it is and copies nothing.
                    Bundle bundle = context.installBundle("reference:" + jar.toURI());
                    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
                    bundles.add(bundle);
                } catch (BundleException | IllegalStateException e) {
                    failed("Cannot install " + jar.getName(), e);
                }
            }
        }
        return this;
    }

    /**
     * Starts them until the next restart: which bundles are started is not remembered but follows from the folder. So the framework starts none of
     * them by itself, and several threads can start different stages.
     */
    void start() {
        for (Bundle bundle : bundles) {
            if (isFragment(bundle) || isStopping()) {
                continue;
            }
            try {
                bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            } catch (BundleException | IllegalStateException e) {
                failed("Cannot start " + bundle.getSymbolicName(), e);
            }
        }
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private boolean isStopping() {
        return framework.getState() != Bundle.ACTIVE || System.getProperty(Server.EXIT_CODE) != null;
    }

    /** While the framework stops, nothing can be started any more, and that is no news. */
    private void failed(String message, Exception e) {
        if (isStopping()) {
            return;
        }
        LogRecord entry = new LogRecord(Level.SEVERE, message);
        entry.setLoggerName(LOG.getName());
        entry.setThrown(e);
        LOG.log(entry);
    }
}
