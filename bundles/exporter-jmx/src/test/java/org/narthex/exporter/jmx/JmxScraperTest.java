package org.narthex.exporter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.MetricType;
import org.narthex.testkit.ExporterContractSink;

class JmxScraperTest {
    private final Beans beans = new Beans();

    private static Rule rule(String pattern, String name, String value, Map<String, String> labels) {
        return new Rule(
                Optional.of(Pattern.compile("^.*(?:" + pattern + ").*$")),
                name,
                value,
                1,
                labels,
                "",
                MetricType.UNKNOWN,
                false,
                false);
    }

    private static Settings settings(Rule... rules) {
        return new Settings(0, false, false, List.of(), List.of(), Map.of(), Map.of(), true, false, List.of(rules));
    }

    private ExporterContractSink scrape(Settings settings) {
        return scrape(new JmxScraper(beans.server(), settings));
    }

    private static ExporterContractSink scrape(JmxScraper scraper) {
        ExporterContractSink sink = new ExporterContractSink();
        scraper.scrape(sink);
        assertThat(sink.faults()).isEmpty();
        return sink;
    }

    private static CompositeData composite(Object... values) throws OpenDataException {
        Map<String, Object> items = new TreeMap<>();
        for (int i = 0; i < values.length; i += 2) {
            items.put((String) values[i], values[i + 1]);
        }
        String[] names = items.keySet().toArray(String[]::new);
        OpenType<?>[] types = items.values().stream()
                .map(value -> value instanceof Long ? SimpleType.LONG : SimpleType.STRING)
                .toArray(OpenType<?>[]::new);
        return new CompositeDataSupport(new CompositeType("c", "c", names, names, types), items);
    }

    private static TabularData table(String index, CompositeData... rows) throws OpenDataException {
        TabularDataSupport table =
                new TabularDataSupport(new TabularType("t", "t", rows[0].getCompositeType(), new String[] {index}));
        table.putAll(rows);
        return table;
    }

    @Test
    void namesValuesByTheBeanIfThereIsNoRule() throws Exception {
        beans.add(
                "java.lang:type=MemoryPool,name=G1 Eden Space",
                "Usage",
                composite("used", 7L, "max", 9L),
                "UsageThresholdSupported",
                true,
                "Name",
                "text is no number",
                "Since",
                Date.from(Instant.ofEpochMilli(1500)));
        ExporterContractSink sink = scrape(Settings.DEFAULT);
        assertThat(sink.value("java_lang_MemoryPool_Usage_used", "name", "G1 Eden Space"))
                .isEqualTo(7);
        assertThat(sink.value("java_lang_MemoryPool_Usage_max", "name", "G1 Eden Space"))
                .isEqualTo(9);
        assertThat(sink.value("java_lang_MemoryPool_UsageThresholdSupported", "name", "G1 Eden Space"))
                .isEqualTo(1);
        assertThat(sink.value("java_lang_MemoryPool_Since", "name", "G1 Eden Space"))
                .isEqualTo(1.5);
        assertThat(sink.families()).doesNotContainKey("java_lang_MemoryPool_Name");
        assertThat(sink.families().get("java_lang_MemoryPool_Usage_used").help())
                .isEqualTo("About Usage java.lang:name=G1 Eden Space,type=MemoryPool,attribute=used");
    }

    @Test
    void turnsRowsOfTablesIntoLabels() throws Exception {
        beans.add(
                "d:type=T",
                "Map",
                table("key", composite("key", "a", "value", 1L), composite("key", "b", "value", 2L)),
                "Rows",
                table("pool", composite("pool", "p", "count", 3L, "size", 4L)));
        ExporterContractSink sink = scrape(Settings.DEFAULT);
        assertThat(sink.value("d_T_Map", "key", "a")).isEqualTo(1);
        assertThat(sink.value("d_T_Map", "key", "b")).isEqualTo(2);
        assertThat(sink.value("d_T_Rows_count", "pool", "p")).isEqualTo(3);
        assertThat(sink.value("d_T_Rows_size", "pool", "p")).isEqualTo(4);
    }

    @Test
    void appliesTheFirstRuleThatMatches() throws Exception {
        beans.add(
                "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec,topic=orders",
                "Count",
                12L,
                "State",
                "running");
        Rule counter = new Rule(
                Optional.of(
                        Pattern.compile("^.*(?:kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*, topic=(.+)><>Count).*$")),
                "kafka_$1_$2_$3_total",
                "",
                0.5,
                Map.of("topic", "$4", "$1_kind", "fixed"),
                "Bytes of $4",
                MetricType.COUNTER,
                false,
                false);
        Rule state = rule("kafka.server<.*><>State: (.*)", "kafka_state", "1", Map.of("state", "$1"));
        ExporterContractSink sink = scrape(settings(counter, state, rule(".*", "never", "", Map.of())));
        assertThat(sink.value(
                        "kafka_server_BrokerTopicMetrics_BytesIn_total", "topic", "orders", "server_kind", "fixed"))
                .isEqualTo(6);
        assertThat(sink.families().get("kafka_server_BrokerTopicMetrics_BytesIn_total"))
                .isEqualTo(new ExporterContractSink.Family(
                        "kafka_server_BrokerTopicMetrics_BytesIn_total", MetricType.COUNTER, "Bytes of orders"));
        assertThat(sink.value("kafka_state", "state", "running")).isEqualTo(1);
        assertThat(sink.families()).doesNotContainKey("never");
    }

    @Test
    void takesTheValueFromTheRuleAndLeavesOutWhatIsNoNumber() throws Exception {
        beans.add("d:type=T", "Version", "1.25-b", "Name", "x");
        ExporterContractSink sink = scrape(settings(
                rule("<>Version: ([0-9.]+)", "version", "$1", Map.of()), rule("<>Name: (.*)", "name", "$1", Map.of())));
        assertThat(sink.value("version")).isEqualTo(1.25);
        assertThat(sink.families()).doesNotContainKey("name");
    }

    @Test
    void lowersNamesAndWritesAttributesInSnakeCase() throws Exception {
        beans.add("D:type=T,Name=N", "SomeValue", 1);
        Settings lower = new Settings(
                0,
                true,
                true,
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                true,
                false,
                List.of(new Rule(Optional.empty(), "", "", 1, Map.of(), "", MetricType.GAUGE, true, false)));
        assertThat(scrape(lower).value("d_t_some_value", "name", "N")).isEqualTo(1);
    }

    @Test
    void readsOnlyTheBeansAskedForAndNotTheAttributesExcluded() throws Exception {
        beans.add("a:type=X,name=one", "V", 1, "W", 2)
                .add("a:type=X,name=two", "V", 3)
                .add("b:type=X", "V", 4);
        Settings some = new Settings(
                0,
                false,
                false,
                List.of(new ObjectName("a:*")),
                List.of(new ObjectName("a:name=two,*")),
                Map.of(),
                Map.of(new ObjectName("a:type=X,name=one"), Set.of("W")),
                true,
                false,
                List.of(Rule.DEFAULT));
        ExporterContractSink sink = scrape(some);
        sink.families().keySet().removeIf(name -> name.startsWith("jmx_"));
        assertThat(sink.families().keySet()).containsExactly("a_X_V");
        assertThat(sink.value("a_X_V", "name", "one")).isEqualTo(1);
        assertThat(sink.value("a_X_V", "name", "two")).isNaN();
    }

    @Test
    void remembersWhatRulesMakeOfNamesButNotOfValues() throws Exception {
        beans.add("d:type=T", "V", 1, "W", 2);
        Rule remembered = new Rule(
                Optional.of(Pattern.compile("^.*(?:<>V:).*$")),
                "v",
                "",
                1,
                Map.of(),
                "",
                MetricType.GAUGE,
                false,
                true);
        Settings settings = new Settings(
                0,
                false,
                false,
                List.of(new ObjectName("d:*")),
                List.of(),
                Map.of(),
                Map.of(),
                true,
                false,
                List.of(remembered));
        JmxScraper scraper = new JmxScraper(beans.server(), settings);
        assertThat(scrape(scraper).value("v")).isEqualTo(1);
        // The match, and that W is none.
        assertThat(scrape(scraper).value("jmx_scrape_cached_beans")).isEqualTo(2);
        beans.server().unregisterMBean(new ObjectName("d:type=T"));
        beans.add("d:type=T", "V", 5);
        ExporterContractSink sink = scrape(scraper);
        assertThat(sink.value("v")).isEqualTo(5);
        assertThat(sink.value("jmx_scrape_cached_beans")).isEqualTo(1);
    }

    @Test
    void letsTheFirstOfTwoEqualSeriesCount() throws Exception {
        beans.add("d:type=T,name=a", "V", 1).add("d:type=T,name=b", "V", 1);
        assertThat(scrape(settings(rule("<>V", "v", "", Map.of()))).value("v")).isEqualTo(1);
    }

    @Test
    void goesOnAfterABeanAndAnAttributeThatFail() throws Exception {
        beans.add("d:type=T", "Bad", new IllegalStateException(), "Odd", new int[] {1}, "None", null, "V", 1);
        JmxScraper scraper = new JmxScraper(beans.server(), Settings.DEFAULT);
        assertThat(scrape(scraper).value("d_T_V")).isEqualTo(1);
        assertThat(scrape(scraper).value("d_T_V")).isEqualTo(1);
    }

    @Test
    void keepsPropertiesInTheirOrderAndWithTheirQuotes() throws Exception {
        assertThat(BeanReader.properties(new ObjectName("d:type=T,name=\"a,b=\\\"c\",x=1")))
                .containsExactly(Map.entry("type", "T"), Map.entry("name", "\"a,b=\\\"c\""), Map.entry("x", "1"));
    }
}
