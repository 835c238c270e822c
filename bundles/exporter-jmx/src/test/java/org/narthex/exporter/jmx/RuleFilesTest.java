package org.narthex.exporter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.api.model.MetricType;
import org.narthex.config.YamlFiles;
import org.narthex.testkit.DamagedInput;
import org.narthex.testkit.ExporterContractSink;

/** Files of rules of the kinds that are in use for servers of all sorts. */
class RuleFilesTest {
    private final Beans beans = new Beans();

    private ExporterContractSink scrape(String yaml) throws Exception {
        ExporterContractSink sink = new ExporterContractSink();
        new JmxScraper(beans.server(), SettingsReader.read(new YamlFiles().parse("jmx.yml", yaml))).scrape(sink);
        assertThat(sink.faults()).isEmpty();
        return sink;
    }

    /** Names with quotes and slashes, several attributes by one rule, the type of a counter. */
    @Test
    void ofAWebServer() throws Exception {
        beans.add("Catalina:type=GlobalRequestProcessor,name=\"http-nio-8080\"", "requestCount", 12, "bytesSent", 345L)
                .add(
                        "Catalina:j2eeType=Servlet,WebModule=//localhost/shop,name=cart,J2EEApplication=none",
                        "requestCount",
                        3,
                        "processingTime",
                        250L)
                .add(
                        "Catalina:type=ThreadPool,name=\"http-nio-8080\"",
                        "currentThreadCount",
                        10,
                        "keepAliveTimeout",
                        20_000);
        ExporterContractSink sink = scrape("""
                lowercaseOutputLabelNames: true
                lowercaseOutputName: true
                whitelistObjectNames: ["Catalina:*"]
                blacklistObjectNames: []
                rules:
                - pattern: 'Catalina<type=GlobalRequestProcessor, name=\\"(\\w+-\\w+)-(\\d+)\\"><>(\\w+):'
                  name: tomcat_$3_total
                  labels:
                    Port: "$2"
                    protocol: "$1"
                  help: Tomcat global $3
                  type: COUNTER
                - pattern: 'Catalina<j2eeType=Servlet, WebModule=//([-a-zA-Z0-9+&@#/%?=~_|!:.,;]*[-a-zA-Z0-9+&@#/%=~_|]), name=([-a-zA-Z0-9+/$%~_-|!.]*), J2EEApplication=none><>(requestCount|processingTime):'
                  name: tomcat_servlet_$3_total
                  labels: {module: "$1", servlet: "$2"}
                  type: COUNTER
                - pattern: 'Catalina<type=ThreadPool, name="(\\w+-\\w+)-(\\d+)"><>(currentThreadCount|keepAliveTimeout):(.*)'
                  name: tomcat_threadpool_$3
                  labels: {port: "$2", protocol: "$1"}
                  type: GAUGE
                """);
        assertThat(sink.value("tomcat_requestcount_total", "port", "8080", "protocol", "http-nio"))
                .isEqualTo(12);
        assertThat(sink.value("tomcat_bytessent_total", "port", "8080", "protocol", "http-nio"))
                .isEqualTo(345);
        assertThat(sink.families().get("tomcat_requestcount_total").type()).isEqualTo(MetricType.COUNTER);
        assertThat(sink.families().get("tomcat_requestcount_total").help()).isEqualTo("Tomcat global requestCount");
        assertThat(sink.value("tomcat_servlet_processingtime_total", "module", "localhost/shop", "servlet", "cart"))
                .isEqualTo(250);
        assertThat(sink.value("tomcat_threadpool_keepalivetimeout", "port", "8080", "protocol", "http-nio"))
                .isEqualTo(20_000);
    }

    /** Rules from the most labels to the fewest, quantiles by part of an attribute's name, results remembered. */
    @Test
    void ofABroker() throws Exception {
        beans.add(
                        "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec,topic=orders",
                        "Count",
                        99L,
                        "OneMinuteRate",
                        1.5)
                .add("kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec", "Count", 100L)
                .add("kafka.server:type=Produce,user=u1,client-id=c-1", "throttle-time", 4.0)
                .add(
                        "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Fetch",
                        "99thPercentile",
                        7.5,
                        "Count",
                        2L)
                .add("kafka.server:type=KafkaServer,name=BrokerState", "Value", 3);
        String yaml = """
                lowercaseOutputName: true
                excludeJvmMetrics: true
                rules:
                - pattern: kafka.server<type=(.+), name=(.+), clientId=(.+), topic=(.+), partition=(.*)><>Value
                  name: kafka_server_$1_$2
                  type: GAUGE
                  labels: {clientId: "$3", topic: "$4", partition: "$5"}
                  cache: true
                - pattern: kafka.server<type=(.+), user=(.+), client-id=(.+)><>([a-z-]+)
                  name: kafka_server_quota_$4
                  type: GAUGE
                  labels: {resource: "$1", user: "$2", clientId: "$3"}
                - pattern: kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*, (.+)=(.+)><>Count
                  name: kafka_$1_$2_$3_total
                  type: COUNTER
                  labels: {"$4": "$5"}
                  cache: true
                - pattern: kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*><>Count
                  name: kafka_$1_$2_$3_total
                  type: COUNTER
                - pattern: kafka.(\\w+)<type=(.+), name=(.+), (.+)=(.*)><>(\\d+)thPercentile
                  name: kafka_$1_$2_$3
                  type: GAUGE
                  labels: {"$4": "$5", quantile: "0.$6"}
                - pattern: kafka.(\\w+)<type=(.+), name=(.+), (.+)=(.+)><>Count
                  name: kafka_$1_$2_$3_count
                - pattern: kafka.(\\w+)<type=(.+), name=(.+)><>Value
                  name: kafka_$1_$2_$3
                  valueFactor: 10
                """;
        ExporterContractSink sink = scrape(yaml);
        assertThat(sink.value("kafka_server_brokertopicmetrics_bytesin_total", "topic", "orders"))
                .isEqualTo(99);
        assertThat(sink.value("kafka_server_brokertopicmetrics_bytesin_total")).isEqualTo(100);
        assertThat(sink.value(
                        "kafka_server_quota_throttle_time", "clientId", "c-1", "resource", "Produce", "user", "u1"))
                .isEqualTo(4);
        assertThat(sink.value("kafka_network_requestmetrics_totaltimems", "quantile", "0.99", "request", "Fetch"))
                .isEqualTo(7.5);
        assertThat(sink.value("kafka_network_requestmetrics_totaltimems_count")).isEqualTo(2);
        assertThat(sink.value("kafka_server_kafkaserver_brokerstate")).isEqualTo(30);
        // No rule is for the rate.
        assertThat(sink.families().keySet()).noneMatch(name -> name.contains("rate"));
    }

    /** A value out of the text, the whole match, attributes in snake case, those asked for alone, counters by their names. */
    @Test
    void ofADatabase() throws Exception {
        beans.add(
                        "org.apache.cassandra.metrics:type=ClientRequest,scope=Read,name=Latency",
                        "Count",
                        5L,
                        "99thPercentile",
                        2_000.0)
                .add(
                        "org.apache.cassandra.db:type=StorageService",
                        "ReleaseVersion",
                        "4.1.3",
                        "LiveNodeCount",
                        3,
                        "Huge",
                        1)
                .add("org.apache.cassandra.db:type=Other", "Huge", 1);
        ExporterContractSink sink = scrape("""
                inferCounterTypeFromName: true
                includeObjectNameAttributes:
                  "org.apache.cassandra.db:type=StorageService": [ReleaseVersion, LiveNodeCount]
                  "org.apache.cassandra.metrics:type=ClientRequest,scope=Read,name=Latency": [Count, 99thPercentile]
                rules:
                - pattern: org.apache.cassandra.metrics<type=(Connection|Streaming), scope=(\\S*), name=(\\S*)><>(Count|Value)
                  name: cassandra_$1_$3
                - pattern: org.apache.cassandra.metrics<type=(\\w+), scope=(\\w+), name=(\\w+)><>(\\d+)thPercentile
                  name: cassandra_$1_$3_seconds
                  valueFactor: 0.000001
                  labels: {operation: "$2", quantile: "0.$4"}
                - pattern: org.apache.cassandra.metrics<type=(\\w+), scope=(\\w+), name=(\\w+)><>Count
                  name: cassandra_$1_$3_total
                  labels: {operation: "$2"}
                - pattern: 'cassandra.db<type=StorageService><>release_version: ((\\d+)\\.\\d+.*)'
                  attrNameSnakeCase: true
                  name: cassandra_version_info
                  value: $2
                  labels: {version: "$1", text: "$0"}
                - pattern: 'cassandra.db<type=(\\w+)><>(\\w+):'
                  attrNameSnakeCase: true
                  name: cassandra_$1_$2
                """);
        assertThat(sink.value("cassandra_ClientRequest_Latency_seconds", "operation", "Read", "quantile", "0.99"))
                .isEqualTo(0.002);
        assertThat(sink.value("cassandra_ClientRequest_Latency_total", "operation", "Read"))
                .isEqualTo(5);
        assertThat(sink.families().get("cassandra_ClientRequest_Latency_total").type())
                .isEqualTo(MetricType.COUNTER);
        assertThat(sink.value(
                        "cassandra_version_info",
                        "text",
                        "org.apache.cassandra.db<type=StorageService><>release_version: 4.1.3",
                        "version",
                        "4.1.3"))
                .isEqualTo(4);
        assertThat(sink.value("cassandra_StorageService_live_node_count")).isEqualTo(3);
        assertThat(sink.families().keySet()).noneMatch(name -> name.contains("huge"));
    }

    @Test
    void thatAreDamagedWorkOrAreRefused(@TempDir Path folder) throws Exception {
        String sound = """
                lowercaseOutputName: true
                lowercaseOutputLabelNames: true
                includeObjectNames: ["d:*", 'java.lang:type=Runtime']
                excludeObjectNames: ["d:type=Secret,*"]
                excludeObjectNameAttributes: {"d:type=T": [Huge, Boring]}
                rules:
                - pattern: 'd<type=(\\w+), name=(.+)><>(\\w+)_(count|max): (\\d+)'
                  name: d_$1_$3_$4_bytes
                  value: $5
                  valueFactor: 0.001
                  type: GAUGE
                  labels: {"name": "$2", "all_$1": "$0"}
                  help: 'Of $2.'
                  attrNameSnakeCase: true
                - {pattern: '(\\w+)<.*><>(\\w+)Count', name: '$1_$2_total', type: COUNTER, cache: true}
                - pattern: '.*'
                """;
        beans.add("d:type=T,name=x y", "UserCount", 7L, "On", true);
        DamagedInput.isTakenOrRefused(1_500, sound, ConfigException.class, bytes -> {
            Path file = Files.write(folder.resolve("jmx.yml"), bytes);
            Settings settings;
            try {
                settings = SettingsReader.read(new YamlFiles().read(file));
            } catch (ConfigException e) {
                assertThat(e.getMessage()).contains("jmx.yml");
                throw e;
            }
            ExporterContractSink sink = new ExporterContractSink();
            new JmxScraper(beans.server(), settings).scrape(sink);
            assertThat(sink.faults()).isEmpty();
        });
    }
}
