package org.narthex.exporter.jvm;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Component;

/**
 * The {@code jvm_*} metrics, under the names of Prometheus' own Java client. The platform's MBeans are started by the first scrape, not before:
 * whoever never asks does not pay for them.
 */
@Component(property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class JvmExporter implements Exporter {
    @Override
    public void collect(MetricSink sink) {
        runtime(sink);
        memory(sink);
        memoryPools(sink);
        bufferPools(sink);
        garbageCollection(sink);
        threads(sink);
        classes(sink);
        compilation(sink);
    }

    private static void runtime(MetricSink sink) {
        sink.gauge(
                "jvm_runtime_info",
                "JVM runtime info",
                1,
                "runtime",
                System.getProperty("java.runtime.name", "unknown"),
                "vendor",
                System.getProperty("java.vm.vendor", "unknown"),
                "version",
                System.getProperty("java.runtime.version", "unknown"));
    }

    private static void memory(MetricSink sink) {
        Map<String, MemoryUsage> areas = new LinkedHashMap<>();
        areas.put("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        areas.put("nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        usage(
                sink,
                "jvm_memory_used_bytes",
                "Used bytes of a given JVM memory area.",
                "area",
                areas,
                MemoryUsage::getUsed);
        usage(
                sink,
                "jvm_memory_committed_bytes",
                "Committed (bytes) of a given JVM memory area.",
                "area",
                areas,
                MemoryUsage::getCommitted);
        usage(
                sink,
                "jvm_memory_max_bytes",
                "Max (bytes) of a given JVM memory area.",
                "area",
                areas,
                MemoryUsage::getMax);
        usage(
                sink,
                "jvm_memory_init_bytes",
                "Initial bytes of a given JVM memory area.",
                "area",
                areas,
                MemoryUsage::getInit);
        sink.gauge(
                "jvm_memory_objects_pending_finalization",
                "The number of objects waiting in the finalizer queue.",
                ManagementFactory.getMemoryMXBean().getObjectPendingFinalizationCount());
    }

    private static void memoryPools(MetricSink sink) {
        Map<String, MemoryUsage> pools = new LinkedHashMap<>();
        Map<String, MemoryUsage> afterCollection = new LinkedHashMap<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            if (usage != null) {
                pools.put(pool.getName(), usage);
            }
            // Pools that are not garbage collected have none.
            MemoryUsage after = pool.getCollectionUsage();
            if (after != null) {
                afterCollection.put(pool.getName(), after);
            }
        }
        usage(
                sink,
                "jvm_memory_pool_used_bytes",
                "Used bytes of a given JVM memory pool.",
                "pool",
                pools,
                MemoryUsage::getUsed);
        usage(
                sink,
                "jvm_memory_pool_committed_bytes",
                "Committed bytes of a given JVM memory pool.",
                "pool",
                pools,
                MemoryUsage::getCommitted);
        usage(
                sink,
                "jvm_memory_pool_max_bytes",
                "Max bytes of a given JVM memory pool.",
                "pool",
                pools,
                MemoryUsage::getMax);
        usage(
                sink,
                "jvm_memory_pool_init_bytes",
                "Initial bytes of a given JVM memory pool.",
                "pool",
                pools,
                MemoryUsage::getInit);
        usage(
                sink,
                "jvm_memory_pool_collection_used_bytes",
                "Used bytes after last collection of a given JVM memory pool.",
                "pool",
                afterCollection,
                MemoryUsage::getUsed);
    }

    /** One gauge family; the JVM's -1 for "not defined" is kept, as the Java client does. */
    private static void usage(
            MetricSink sink,
            String name,
            String help,
            String label,
            Map<String, MemoryUsage> usages,
            ToLongFunction<MemoryUsage> value) {
        sink.family(name, MetricType.GAUGE, help);
        usages.forEach((key, usage) -> sink.sample(name, (double) value.applyAsLong(usage), label, key));
    }

    private static void bufferPools(MetricSink sink) {
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        buffers(
                sink,
                "jvm_buffer_pool_used_bytes",
                "Used bytes of a given JVM buffer pool.",
                pools,
                BufferPoolMXBean::getMemoryUsed);
        buffers(
                sink,
                "jvm_buffer_pool_capacity_bytes",
                "Bytes capacity of a given JVM buffer pool.",
                pools,
                BufferPoolMXBean::getTotalCapacity);
        buffers(
                sink,
                "jvm_buffer_pool_used_buffers",
                "Used buffers of a given JVM buffer pool.",
                pools,
                BufferPoolMXBean::getCount);
    }

    private static void buffers(
            MetricSink sink,
            String name,
            String help,
            List<BufferPoolMXBean> pools,
            ToLongFunction<BufferPoolMXBean> value) {
        sink.family(name, MetricType.GAUGE, help);
        pools.forEach(pool -> sink.sample(name, (double) value.applyAsLong(pool), "pool", pool.getName()));
    }

    private static void garbageCollection(MetricSink sink) {
        String name = "jvm_gc_collection_seconds";
        sink.family(name, MetricType.SUMMARY, "Time spent in a given JVM garbage collector in seconds.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            sink.sample(name + "_count", (double) collector.getCollectionCount(), "gc", collector.getName());
            sink.sample(name + "_sum", collector.getCollectionTime() / 1e3, "gc", collector.getName());
        }
    }

    private static void threads(MetricSink sink) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        sink.gauge("jvm_threads_current", "Current thread count of a JVM", threads.getThreadCount());
        sink.gauge("jvm_threads_daemon", "Daemon thread count of a JVM", threads.getDaemonThreadCount());
        sink.gauge("jvm_threads_peak", "Peak thread count of a JVM", threads.getPeakThreadCount());
        sink.counter("jvm_threads_started_total", "Started thread count of a JVM", (double)
                threads.getTotalStartedThreadCount());
        sink.gauge(
                "jvm_threads_deadlocked",
                "Cycles of JVM-threads that are in deadlock waiting to acquire object monitors or ownable synchronizers",
                length(threads.findDeadlockedThreads()));
        sink.gauge(
                "jvm_threads_deadlocked_monitor",
                "Cycles of JVM-threads that are in deadlock waiting to acquire object monitors",
                length(threads.findMonitorDeadlockedThreads()));
        Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);
        // A depth of 0 leaves the stacks out, which is what makes this cheap.
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds(), 0)) {
            // Null for a thread that has ended meanwhile.
            if (thread != null) {
                states.merge(thread.getThreadState(), 1, Integer::sum);
            }
        }
        sink.family("jvm_threads_state", MetricType.GAUGE, "Current count of threads by state");
        for (Thread.State state : Thread.State.values()) {
            sink.sample("jvm_threads_state", states.getOrDefault(state, 0), "state", state.name());
        }
    }

    private static int length(long[] threads) {
        return threads == null ? 0 : threads.length;
    }

    private static void classes(MetricSink sink) {
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        sink.gauge(
                "jvm_classes_currently_loaded",
                "The number of classes that are currently loaded in the JVM",
                classes.getLoadedClassCount());
        sink.counter(
                "jvm_classes_loaded_total",
                "The total number of classes that have been loaded since the JVM has started execution",
                (double) classes.getTotalLoadedClassCount());
        sink.counter(
                "jvm_classes_unloaded_total",
                "The total number of classes that have been unloaded since the JVM has started execution",
                (double) classes.getUnloadedClassCount());
    }

    private static void compilation(MetricSink sink) {
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        if (compilation != null && compilation.isCompilationTimeMonitoringSupported()) {
            sink.counter(
                    "jvm_compilation_time_seconds_total",
                    "The total time in seconds taken for HotSpot class compilation",
                    compilation.getTotalCompilationTime() / 1e3);
        }
    }
}
