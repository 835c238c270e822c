package org.narthex.exporter.osgi;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/**
 * Finds class loaders that are no longer used and stay in memory all the same. Such a one is stale at first: it may just not have been collected yet.
 * It leaks if a {@link Canary} made when it was found stale is collected and it is not.
 */
final class ClassLoaderWatch {
    private final List<Watched> all = new ArrayList<>();

    private static final class Watched {
        private final String bundle;
        private final String version;
        private final WeakReference<ClassLoader> loader;
        private final BooleanSupplier inUse;
        /** None while the loader is in use. */
        private Optional<Canary> canary = Optional.empty();

        private boolean leaked;

        Watched(String bundle, String version, ClassLoader loader, BooleanSupplier inUse) {
            this.bundle = bundle;
            this.version = version;
            this.loader = new WeakReference<>(loader);
            this.inUse = inUse;
        }

        void look() {
            if (leaked || inUse.getAsBoolean()) {
                return;
            }
            if (canary.isEmpty()) {
                canary = Optional.of(new Canary());
            } else if (canary.get().isCollected()) {
                leaked = true;
            }
        }
    }

    /** @param inUse whether it is to be in memory still; must not refer to it itself */
    synchronized void watch(String bundle, String version, ClassLoader loader, BooleanSupplier inUse) {
        for (Watched known : all) {
            if (known.loader.refersTo(loader)) {
                return;
            }
        }
        all.add(new Watched(bundle, version, loader, inUse));
    }

    synchronized void write(MetricSink sink) {
        Map<List<String>, Integer> leaked = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        int stale = 0;
        int leaks = 0;
        for (Iterator<Watched> each = all.iterator(); each.hasNext(); ) {
            Watched watched = each.next();
            watched.look();
            // Asked after the canary: if both are gone, they went together.
            if (watched.loader.refersTo(null)) {
                each.remove();
            } else if (watched.leaked) {
                leaks++;
                leaked.merge(List.of(watched.bundle, watched.version), 1, Integer::sum);
            } else if (watched.canary.isPresent()) {
                stale++;
            }
        }
        sink.gauge(
                "osgi_stale_class_loaders",
                "Class loaders of bundles that were updated or uninstalled, of which is not known yet whether they leak.",
                stale);
        sink.gauge(
                "osgi_leaked_class_loaders",
                "Class loaders of bundles that were updated or uninstalled, which outlived a collection of garbage.",
                leaks);
        sink.family(
                "osgi_bundle_leaked_class_loaders",
                MetricType.GAUGE,
                "Class loaders of the bundle that leak, if any do.");
        leaked.forEach((bundle, count) -> sink.sample(
                "osgi_bundle_leaked_class_loaders", count, "bundle", bundle.get(0), "version", bundle.get(1)));
    }
}
