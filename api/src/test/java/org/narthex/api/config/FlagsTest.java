package org.narthex.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

class FlagsTest {
    @Test
    void defaultsHoldWhereNothingIsSet() {
        Flags flags = new Flags(property -> null);
        assertThat(flags.durationMs(Flag.QUERY_LOOKBACK)).isEqualTo(300_000);
        assertThat(flags.isOn(Flag.WEB_ENABLE_LIFECYCLE)).isFalse();
        assertThat(flags.list(Flag.ENABLE_FEATURE)).isEmpty();
        assertThat(flags.all()).containsEntry("storage.tsdb.path", "data/").hasSize(Flag.values().length);
    }

    @Test
    void everyDefaultIsAValidValue() {
        for (Flag flag : Flag.values()) {
            flag.check(flag.defaultValue());
            assertThat(Flag.named(flag.flagName())).contains(flag);
        }
    }

    @Test
    void readsFrameworkProperties() {
        Flags flags = new Flags(Map.of("narthex.flag.web.listen-address", ":1,:2")::get);
        assertThat(flags.list(Flag.WEB_LISTEN_ADDRESS)).containsExactly(":1", ":2");
    }

    @Test
    void refusesValuesOfTheWrongKind() {
        assertThatThrownBy(() -> Flag.QUERY_TIMEOUT.check("soon"))
                .hasMessage("--query.timeout: \"soon\" is no duration");
        assertThatThrownBy(() -> Flag.AGENT.check("maybe")).hasMessage("--agent: \"maybe\" is no switch");
        assertThatThrownBy(() -> Flag.QUERY_MAX_SAMPLES.check("-1")).hasMessageContaining("is no integer");
    }
}
