package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Host;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;

class CurrentConfigTest {
    private final List<String> events = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private boolean broken;

    private final Host host = new Host() {
        @Override
        public long startedAtMs() {
            return 0;
        }

        @Override
        public void fail(String reason) {
            failures.add(reason);
        }

        @Override
        public void quit() {}
    };

    private final CurrentConfig config = new CurrentConfig(this::load, host);

    private Configuration load(long version) throws ConfigException {
        if (broken) {
            throw new ConfigException("test.yml", 3, "broken");
        }
        Configuration.Global global = new Configuration.Global(1, 1, 1, Labels.EMPTY);
        return new Configuration(
                version, 5, "", global, List.of(), List.of(), Optional.empty(), StorageConfig.DEFAULT, List.of());
    }

    /** Takes part in the two phases and tells of them. */
    private final class Consumer implements ConfigConsumer {
        private final String name;
        private boolean refuses;

        Consumer(String name) {
            this.name = name;
        }

        @Override
        public void check(Configuration candidate) throws ConfigException {
            events.add(name + " checks " + candidate.version());
            if (refuses) {
                throw new ConfigException("test.yml", 7, name + " refuses");
            }
        }

        @Override
        public void apply(Configuration configuration) {
            events.add(name + " applies " + configuration.version());
        }
    }

    @Test
    void checksByAllBeforeAnyApplies() throws ConfigException {
        config.add(new Consumer("a"), 0);
        config.add(new Consumer("b"), 0);
        config.load();
        assertThat(events).containsExactly("a checks 1", "b checks 1", "a applies 1", "b applies 1");
    }

    @Test
    void givesALateConsumerTheConfigurationInForce() throws ConfigException {
        config.load();
        config.add(new Consumer("late"), 0);
        assertThat(events).containsExactly("late checks 1", "late applies 1");
    }

    @Test
    void keepsTheOldOneWhenAConsumerRefusesTheNew() throws ConfigException {
        Consumer a = new Consumer("a");
        Consumer b = new Consumer("b");
        config.add(a, 0);
        config.add(b, 0);
        config.load();
        events.clear();
        b.refuses = true;
        assertThatThrownBy(config::reload).hasMessage("test.yml:7: b refuses");
        assertThat(events).containsExactly("a checks 2", "b checks 2");
        assertThat(config.current().version()).isEqualTo(1);
        assertThat(config.lastReloadSuccessful()).isFalse();
        b.refuses = false;
        config.reload();
        assertThat(config.current().version()).isEqualTo(2);
        assertThat(config.lastReloadSuccessful()).isTrue();
    }

    @Test
    void keepsTheOldOneWhenTheFileIsBroken() throws ConfigException {
        config.load();
        broken = true;
        assertThatThrownBy(config::reload).hasMessage("test.yml:3: broken");
        assertThat(config.current().version()).isEqualTo(1);
    }

    @Test
    void failsTheStartWhenAConsumerRefusesTheFirstConfiguration() throws ConfigException {
        config.load();
        Consumer consumer = new Consumer("late");
        consumer.refuses = true;
        config.add(consumer, 59_000);
        assertThat(failures).containsExactly("test.yml:7: late refuses");
        config.add(consumer, 61_000);
        assertThat(failures).hasSize(1);
    }

    @Test
    void goesOnWhenAConsumerThrows() throws ConfigException {
        config.add(
                configuration -> {
                    throw new IllegalStateException("a fault of the plug-in");
                },
                0);
        config.add(new Consumer("b"), 0);
        config.load();
        assertThat(events).contains("b applies 1");
    }

    @Test
    void forgetsAConsumerThatIsGone() throws ConfigException {
        Consumer consumer = new Consumer("a");
        config.add(consumer, 0);
        config.remove(consumer);
        config.load();
        assertThat(events).isEmpty();
    }
}
