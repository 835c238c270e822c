package org.narthex.exporter.osgi;

import java.lang.ref.WeakReference;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.wiring.BundleWiring;

/** Has the class loader of each bundle watched that is started. Nothing here keeps a bundle's wiring or class loader in memory. */
final class BundleWatch implements BundleListener {
    private final BundleContext context;
    private final ClassLoaderWatch classLoaders;

    BundleWatch(BundleContext context, ClassLoaderWatch classLoaders) {
        this.context = context;
        this.classLoaders = classLoaders;
    }

    void open() {
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.ACTIVE) {
                watch(bundle);
            }
        }
    }

    void close() {
        context.removeBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED) {
            watch(event.getBundle());
        }
    }

    private void watch(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        // The framework's own stays for ever.
        if (wiring == null || bundle.getBundleId() == 0) {
            return;
        }
        ClassLoader loader = wiring.getClassLoader();
        if (loader != null) {
            WeakReference<BundleWiring> reference = new WeakReference<>(wiring);
            classLoaders.watch(
                    bundle.getSymbolicName() == null ? "" : bundle.getSymbolicName(),
                    bundle.getVersion().toString(),
                    loader,
                    () -> isInUse(reference));
        }
    }

    /** An updated bundle's old wiring is in use until those who import from it are refreshed. */
    private static boolean isInUse(WeakReference<BundleWiring> reference) {
        BundleWiring wiring = reference.get();
        return wiring != null && wiring.isInUse();
    }
}
