package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;

/**
 * What every {@link DiscoveryProvider} must keep to. The test that extends it makes a place where {@link #publish} puts targets for the provider to
 * find: a file, a fake of the service's API.
 */
public abstract class DiscoveryContract {
    private static final long DEADLINE_NANOS = 10_000_000_000L;

    /** The provider under test; the same one throughout a test. */
    protected abstract DiscoveryProvider provider();

    /** A good section for the place of {@link #publish}. */
    protected abstract ConfigNode section();

    /** A section the provider must refuse. */
    protected abstract ConfigNode badSection();

    /** Makes exactly these addresses discoverable; none at all for an empty list. */
    protected abstract void publish(List<String> addresses) throws Exception;

    /** Takes what is discovered, as the scraper does, and checks that the rules for listeners are kept. */
    public static final class Groups implements DiscoveryProvider.Listener {
        private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
        private final AtomicInteger inside = new AtomicInteger();
        private boolean overlapped;
        private int updates;

        @Override
        public void update(List<TargetGroup> changed) {
            if (inside.incrementAndGet() > 1) {
                overlapped = true;
            }
            synchronized (this) {
                updates++;
                for (TargetGroup group : changed) {
                    if (group.targets().isEmpty()) {
                        groups.remove(group.source());
                    } else {
                        groups.put(group.source(), group);
                    }
                }
                notifyAll();
            }
            inside.decrementAndGet();
        }

        public synchronized int updates() {
            return updates;
        }

        public synchronized boolean overlapped() {
            return overlapped;
        }

        public synchronized List<TargetGroup> all() {
            return new ArrayList<>(groups.values());
        }

        public synchronized List<String> addresses() {
            List<String> addresses = new ArrayList<>();
            for (TargetGroup group : groups.values()) {
                for (Labels target : group.targets()) {
                    addresses.add(target.get("__address__"));
                }
            }
            addresses.sort(null);
            return addresses;
        }

        /** Waits until what is discovered passes the test. */
        public synchronized void await(Predicate<Groups> test) throws InterruptedException {
            long deadline = System.nanoTime() + DEADLINE_NANOS;
            while (!test.test(this)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("still " + all());
                }
                wait(left);
            }
        }

        public void awaitAddresses(String... addresses) throws InterruptedException {
            await(groups -> groups.addresses().equals(List.of(addresses)));
        }
    }

    @Test
    void acceptsAGoodSection() throws Exception {
        provider().check(section());
    }

    @Test
    void refusesABadSectionWithItsPlace() {
        assertThatThrownBy(() -> provider().check(badSection()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(badSection().file());
    }

    @Test
    void findsWhatIsThereFromTheStart() throws Exception {
        publish(List.of("a:1", "b:2"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider().start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1", "b:2");
        }
    }

    @Test
    void noticesTargetsThatComeAndGo() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider().start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            publish(List.of("a:1", "c:3"));
            groups.awaitAddresses("a:1", "c:3");
            publish(List.of("c:3"));
            groups.awaitAddresses("c:3");
            publish(List.of());
            groups.awaitAddresses();
            assertThat(groups.overlapped()).as("updates overlapped").isFalse();
        }
    }

    @Test
    void saysNothingMoreOnceClosed() throws Exception {
        publish(List.of("a:1"));
        Groups closed = new Groups();
        DiscoveryProvider.Discovery running = provider().start(section(), closed);
        closed.awaitAddresses("a:1");
        running.close();
        int updates = closed.updates();
        Groups other = new Groups();
        try (DiscoveryProvider.Discovery second = provider().start(section(), other)) {
            assertThat(second).isNotNull();
            publish(List.of("a:1", "b:2"));
            other.awaitAddresses("a:1", "b:2");
        }
        assertThat(closed.updates()).isEqualTo(updates);
        running.close();
    }

    @Test
    void servesSeveralSectionsAtOnce() throws Exception {
        publish(List.of("a:1"));
        Groups one = new Groups();
        Groups two = new Groups();
        try (DiscoveryProvider.Discovery first = provider().start(section(), one);
                DiscoveryProvider.Discovery second = provider().start(section(), two)) {
            assertThat(first).isNotSameAs(second);
            one.awaitAddresses("a:1");
            two.awaitAddresses("a:1");
            first.close();
            publish(List.of("b:2"));
            two.awaitAddresses("b:2");
        }
    }
}
