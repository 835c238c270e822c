package org.narthex.exporter.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.narthex.testkit.ExporterContractSink;

class ClassLoaderWatchTest {
    private static final long DEADLINE_NANOS = 20_000_000_000L;

    private final ClassLoaderWatch watch = new ClassLoaderWatch();
    /** What keeps a loader in memory. */
    private ClassLoader held;

    /** A loader without a class would be gone with any collection. */
    private static final class Loader extends ClassLoader {
        Loader() {
            super(null);
        }
    }

    private double value(String name, String... labels) {
        ExporterContractSink sink = new ExporterContractSink();
        watch.write(sink);
        assertThat(sink.faults()).isEmpty();
        return sink.value(name, labels);
    }

    /** Collects garbage until it is so. */
    private static void collectUntil(BooleanSupplier so) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!so.getAsBoolean()) {
            System.gc();
            assertThat(System.nanoTime()).as("collected long enough").isLessThan(deadline);
        }
    }

    @Test
    void countsALoaderAsLeakedOnlyAfterACollection() {
        held = new Loader();
        AtomicBoolean inUse = new AtomicBoolean(true);
        watch.watch("a.b", "1.0.0", held, inUse::get);
        assertThat(value("osgi_stale_class_loaders")).isZero();
        inUse.set(false);
        assertThat(value("osgi_stale_class_loaders")).isEqualTo(1);
        collectUntil(() -> value("osgi_leaked_class_loaders") == 1);
        assertThat(value("osgi_stale_class_loaders")).isZero();
        assertThat(value("osgi_bundle_leaked_class_loaders", "bundle", "a.b", "version", "1.0.0"))
                .isEqualTo(1);
        held = null;
        collectUntil(() -> value("osgi_leaked_class_loaders") == 0);
    }

    @Test
    void forgetsALoaderThatIsCollected() {
        watch.watch("a.b", "1.0.0", new Loader(), () -> false);
        collectUntil(() -> value("osgi_stale_class_loaders") == 0);
        assertThat(value("osgi_leaked_class_loaders")).isZero();
    }

    @Test
    void neverCountsALoaderThatIsInUse() {
        held = new Loader();
        watch.watch("a.b", "1.0.0", held, () -> true);
        Canary canary = new Canary();
        collectUntil(canary::isCollected);
        assertThat(value("osgi_leaked_class_loaders")).isZero();
        assertThat(value("osgi_stale_class_loaders")).isZero();
    }

    @Test
    void watchesALoaderOnce() {
        held = new Loader();
        watch.watch("a.b", "1.0.0", held, () -> false);
        watch.watch("a.b", "1.0.0", held, () -> false);
        assertThat(value("osgi_stale_class_loaders")).isEqualTo(1);
    }
}
