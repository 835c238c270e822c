package org.narthex.exporter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.MetricType;

class SettingsReaderTest {
    /** Of maps, lists and texts. */
    static ConfigNode node(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, ConfigNode> entries = new LinkedHashMap<>();
            map.forEach((key, entry) -> entries.put((String) key, node(entry)));
            return ConfigNode.mapping("rules.yml", 1, "", entries);
        }
        if (value instanceof List<?> list) {
            List<ConfigNode> items = new ArrayList<>();
            list.forEach(item -> items.add(node(item)));
            return ConfigNode.sequence("rules.yml", 1, "", items);
        }
        return ConfigNode.scalar("rules.yml", 1, "", (String) value);
    }

    private static Settings read(Object... entries) throws ConfigException {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return SettingsReader.read(node(map));
    }

    @Test
    void readsEveryKey() throws Exception {
        Settings settings = read(
                "startDelaySeconds",
                "3",
                "lowercaseOutputName",
                "true",
                "lowercaseOutputLabelNames",
                "true",
                "whitelistObjectNames",
                List.of("a:*"),
                "blacklistObjectNames",
                List.of("a:type=b"),
                "includeObjectNameAttributes",
                Map.of("a:type=d", List.of("Z")),
                "excludeObjectNameAttributes",
                Map.of("a:type=c", List.of("X", "Y")),
                "inferCounterTypeFromName",
                "true",
                "autoExcludeObjectNameAttributes",
                "false",
                "rules",
                List.of(Map.of(
                        "pattern", "a(.*)",
                        "name", "n_$1",
                        "value", "$1",
                        "valueFactor", "0.001",
                        "labels", Map.of("l", "$1"),
                        "help", "h",
                        "type", "COUNTER",
                        "attrNameSnakeCase", "true",
                        "cache", "true")));
        assertThat(settings.startDelayMs()).isEqualTo(3000);
        assertThat(settings.lowercaseNames()).isTrue();
        assertThat(settings.lowercaseLabels()).isTrue();
        assertThat(settings.included()).containsExactly(new ObjectName("a:*"));
        assertThat(settings.excluded()).containsExactly(new ObjectName("a:type=b"));
        assertThat(settings.attributesLeft()).containsEntry(new ObjectName("a:type=c"), Set.of("X", "Y"));
        assertThat(settings.attributesOnly()).containsEntry(new ObjectName("a:type=d"), Set.of("Z"));
        assertThat(settings.autoExclude()).isFalse();
        assertThat(settings.infersCounters()).isTrue();
        Rule rule = settings.rules().get(0);
        assertThat(rule.pattern().orElseThrow().pattern()).isEqualTo("^.*(?:a(.*)).*$");
        assertThat(rule.name()).isEqualTo("n_$1");
        assertThat(rule.factor()).isEqualTo(0.001);
        assertThat(rule.labels()).isEqualTo(Map.of("l", "$1"));
        assertThat(rule.type()).isEqualTo(MetricType.COUNTER);
        assertThat(rule.snakeCase()).isTrue();
        assertThat(rule.cached()).isTrue();
    }

    @Test
    void takesTheDefaultsForWhatIsNotThere() throws Exception {
        assertThat(SettingsReader.read(node(""))).isEqualTo(Settings.DEFAULT);
        assertThat(read("lowercaseOutputName", "false")).isEqualTo(Settings.DEFAULT);
        assertThat(read("rules", List.of()).rules()).isEmpty();
    }

    @Test
    void saysWhatIsWrong() {
        assertWrong("a rule with labels or help needs a name", "rules", List.of(Map.of("pattern", "a", "help", "h")));
        assertWrong("a rule with a name needs a pattern", "rules", List.of(Map.of("name", "a")));
        assertWrong("\"a(\" is no regular expression", "rules", List.of(Map.of("pattern", "a(")));
        assertWrong("\"many\" is no number", "rules", List.of(Map.of("pattern", "a", "valueFactor", "many")));
        assertWrong("\"METER\" is none of", "rules", List.of(Map.of("pattern", "a", "type", "METER")));
        assertWrong("\"a\" is no object name", "includeObjectNames", List.of("a"));
        assertWrong(
                "old name of includeObjectNames",
                "includeObjectNames",
                List.of("a:*"),
                "whitelistObjectNames",
                List.of("a:*"));
        assertWrong(
                "\"x_$2\" refers to a group that the pattern does not have",
                "rules",
                List.of(Map.of("pattern", "a(b)", "name", "x_$2")));
        assertWrong(
                "\"$1\" refers to a group",
                "rules",
                List.of(Map.of("pattern", "a", "name", "x", "labels", Map.of("l", "$1"))));
        assertWrong("metricCustomizers is not supported", "metricCustomizers", List.of());
        assertWrong("hostPort is of no use here", "hostPort", "localhost:9999");
        assertWrong("lowercaseOutputName", "lowercaseOutputNames", "true");
    }

    private static void assertWrong(String message, Object... entries) {
        assertThatThrownBy(() -> read(entries))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rules.yml:1")
                .hasMessageContaining(message);
    }
}
