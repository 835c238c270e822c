package org.narthex.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ConfigNodeTest {
    private final ConfigNode url = ConfigNode.scalar("am.yml", 7, "receivers[0].webhook_configs[0].url", "http://a");
    private final ConfigNode section =
            ConfigNode.mapping("am.yml", 6, "receivers[0].webhook_configs[0]", Map.of("url", url));

    @Test
    void suggestsTheKeyThatWasMeant() {
        assertThatThrownBy(() -> section.onlyKeys("uri", "timeout"))
                .hasMessage("am.yml:7: unknown key url in receivers[0].webhook_configs[0], did you mean uri?");
        assertThatThrownBy(() -> section.onlyKeys("timeout"))
                .hasMessage("am.yml:7: unknown key url in receivers[0].webhook_configs[0]");
    }

    @Test
    void errorsNameFileLineAndPath() {
        assertThatThrownBy(() -> section.durationMs("url", 1))
                .hasMessage("am.yml:7: receivers[0].webhook_configs[0].url: not a valid duration string: \"http://a\"");
        assertThatThrownBy(() -> section.bool("url", false)).hasMessageContaining("expected true or false");
        assertThatThrownBy(() -> section.require("timeout")).hasMessageContaining("missing key timeout");
        assertThatThrownBy(section::items).hasMessageContaining("expected a list, found a map");
    }

    @Test
    void isEqualByContentAndNotByPlace() {
        ConfigNode moved = ConfigNode.mapping(
                "other.yml", 1, "", Map.of("url", ConfigNode.scalar("other.yml", 2, "url", "http://a")));
        assertThat(moved).isEqualTo(section).hasSameHashCodeAs(section);
        assertThat(ConfigNode.sequence("f", 1, "", List.of(url))).isNotEqualTo(section);
    }

    @Test
    void givesDefaultsForAbsentKeys() throws ConfigException {
        assertThat(section.string("user", "nobody")).isEqualTo("nobody");
        assertThat(section.integer("port", 9093)).isEqualTo(9093);
        assertThat(section.strings("names")).isEmpty();
        assertThat(section.stringMap("headers")).isEmpty();
    }
}
