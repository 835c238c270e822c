package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.model.PromDuration;

/** Upstream's own cases. A floor is the number that passes today; it only ever rises. */
class PrometheusConformanceTest {
    private Path folder;

    @BeforeEach
    void needsTheCases() {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        folder = Path.of(dir, "config");
    }

    private static JsonObject json(Path file) throws IOException {
        try (JsonReader reader = Json.createReader(new StringReader(Files.readString(file)))) {
            return reader.readObject();
        }
    }

    private static Optional<String> error(Reading reading) {
        try {
            reading.read();
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(e.getMessage());
        }
    }

    private interface Reading {
        void read() throws ConfigException;
    }

    private static String text(JsonObject object, String key) {
        return object.get(key) instanceof JsonString string ? string.getString() : "";
    }

    @Test
    void refusesBadConfigurations() throws IOException {
        Path data = folder.resolve("prometheus/testdata");
        JsonObject expected = json(folder.resolve("prometheus/expected.json"));
        List<JsonObject> cases = new ArrayList<>(expected.getJsonArray("bad").getValuesAs(JsonObject.class));
        cases.addAll(expected.getJsonArray("bad_other_tests").getValuesAs(JsonObject.class));
        int refused = 0;
        int sameWords = 0;
        int ran = 0;
        List<String> otherwise = new ArrayList<>();
        for (JsonObject one : cases) {
            if (one.containsKey("as")) {
                continue;
            }
            ran++;
            boolean agent = one.getBoolean("agent_mode", false);
            Optional<String> error = error(() -> Texts.read(data.resolve(one.getString("file")), agent, Map.of()));
            refused += error.isPresent() ? 1 : 0;
            String wanted = text(one, "errSubstring");
            if (error.filter(message -> message.contains(wanted)).isPresent()) {
                sameWords++;
            } else {
                otherwise.add(one.getString("file") + ": " + error.orElse("accepted") + " | wanted: " + wanted);
            }
        }
        System.out.println(
                "bad configurations: " + ran + ", refused " + refused + ", with upstream's words " + sameWords);
        assertThat(refused).as(() -> String.join("\n", otherwise)).isEqualTo(ran);
        assertThat(sameWords).as(() -> String.join("\n", otherwise)).isGreaterThanOrEqualTo(136);
    }

    @Test
    void acceptsGoodConfigurations() throws IOException {
        Path data = folder.resolve("prometheus/testdata");
        for (JsonObject one : json(folder.resolve("prometheus/expected.json"))
                .getJsonArray("good")
                .getValuesAs(JsonObject.class)) {
            if (one.getString("file").contains("windows")) {
                continue;
            }
            boolean agent = one.getBoolean("agent_mode", false);
            assertThat(error(() -> Texts.read(data.resolve(one.getString("file")), agent, Map.of())))
                    .as(one.getString("file"))
                    .isEmpty();
        }
    }

    @Test
    void readsIncludedScrapeConfigs() throws IOException, ConfigException {
        Path data = folder.resolve("prometheus/testdata");
        int good = 0;
        for (JsonObject one : json(folder.resolve("prometheus/expected.json"))
                .getJsonObject("scrape_config_files")
                .getJsonArray("cases")
                .getValuesAs(JsonObject.class)) {
            String file = one.getString("file");
            if (one.isNull("errSubstring")) {
                Configuration configuration = Texts.read(data.resolve(file));
                List<String> names = configuration.scrapeConfigs().stream()
                        .map(config -> config.jobName() + " " + config.scrapeIntervalMs() + " "
                                + config.scrapeTimeoutMs() + " " + config.extraScrapeMetrics())
                        .toList();
                List<String> wanted = one.getJsonArray("expected_scrape_configs").getValuesAs(JsonObject.class).stream()
                        .map(config -> config.getString("job_name") + " "
                                + millis(config.getString("scrape_interval")) + " "
                                + millis(config.getString("scrape_timeout")) + " "
                                + config.getBoolean("extra_scrape_metrics"))
                        .toList();
                assertThat(names).as(file).isEqualTo(wanted);
                good++;
            } else {
                assertThat(error(() -> Texts.read(data.resolve(file))).orElse("accepted"))
                        .as(file)
                        .contains(one.getString("errSubstring"));
            }
        }
        assertThat(good).isGreaterThanOrEqualTo(10);
    }

    private static long millis(String seconds) {
        return 1000 * Long.parseLong(seconds.replace("s", ""));
    }

    @Test
    void expandsEnvironmentVariablesInExternalLabels() throws IOException, ConfigException {
        Path file = folder.resolve("prometheus/testdata/external_labels.good.yml");
        int ran = 0;
        for (JsonObject one : json(folder.resolve("prometheus/expected.json"))
                .getJsonArray("good")
                .getValuesAs(JsonObject.class)) {
            if (!one.containsKey("env")) {
                continue;
            }
            ran++;
            Map<String, String> environment =
                    Map.of("TEST", one.getJsonObject("env").getString("TEST"));
            var labels = Texts.read(file, false, environment).global().externalLabels();
            for (Map.Entry<String, JsonValue> label :
                    one.getJsonObject("expect").getJsonObject("external_labels").entrySet()) {
                assertThat(labels.get(label.getKey())).isEqualTo(((JsonString) label.getValue()).getString());
            }
        }
        assertThat(ran).isEqualTo(2);
    }

    @Test
    void masksEverySecretOfTheFullExample() throws ConfigException {
        Configuration configuration = Texts.read(folder.resolve("prometheus/testdata/conf.good.yml"));
        assertThat(configuration.yaml()).doesNotContain("mysecret");
        assertThat(configuration.yaml().split("<secret>", -1)).hasSize(30);
        assertThat(YamlReader.read("again", configuration.yaml()).root().content())
                .isEqualTo(Texts.node(configuration.yaml()).content());
    }

    @Test
    void readsTheFullExampleAsUpstreamDoes() throws IOException, ConfigException {
        Path data = folder.resolve("prometheus/testdata");
        List<JsonObject> wanted = json(folder.resolve("prometheus/conf.good.expected.json"))
                .getJsonObject("config")
                .getJsonArray("scrape_configs")
                .getValuesAs(JsonObject.class);
        List<ScrapeConfig> found = Texts.read(data.resolve("conf.good.yml")).scrapeConfigs();
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.size(); i++) {
            assertSame(found.get(i), wanted.get(i));
        }
    }

    private static void assertSame(ScrapeConfig config, JsonObject wanted) {
        String job = wanted.getString("job_name");
        assertThat(config.jobName()).isEqualTo(job);
        assertThat(config.scrapeIntervalMs())
                .as(job)
                .isEqualTo(PromDuration.parse(wanted.getString("scrape_interval")));
        assertThat(config.scrapeTimeoutMs()).as(job).isEqualTo(PromDuration.parse(wanted.getString("scrape_timeout")));
        assertThat(config.metricsPath()).as(job).isEqualTo(wanted.getString("metrics_path"));
        assertThat(config.scheme()).as(job).isEqualTo(wanted.getString("scheme"));
        assertThat(config.honorLabels()).as(job).isEqualTo(wanted.getBoolean("honor_labels", false));
        assertThat(config.honorTimestamps()).as(job).isEqualTo(wanted.getBoolean("honor_timestamps", false));
        assertThat(config.limits())
                .as(job)
                .isEqualTo(new ScrapeConfig.Limits(
                        wanted.getInt("body_size_limit"),
                        wanted.getInt("sample_limit"),
                        wanted.getInt("target_limit"),
                        wanted.getInt("label_limit"),
                        wanted.getInt("label_name_length_limit"),
                        wanted.getInt("label_value_length_limit"),
                        0,
                        0,
                        0));
        assertThat(config.exposition().scrapeProtocols())
                .as(job)
                .satisfiesAnyOf(protocols -> assertThat(protocols).isEmpty(), protocols -> assertThat(protocols)
                        .isEqualTo(wanted.getJsonArray("scrape_protocols").getValuesAs(JsonString::getString)));
        assertThat(config.exposition().fallbackScrapeProtocol())
                .as(job)
                .isEqualTo(wanted.getString("fallback_scrape_protocol", ""));
        assertThat(steps(config.relabelConfigs())).as(job).isEqualTo(steps(wanted, "relabel_configs"));
        assertThat(steps(config.metricRelabelConfigs())).as(job).isEqualTo(steps(wanted, "metric_relabel_configs"));
        int discoveries = wanted.keySet().stream()
                .filter(key -> key.endsWith("_sd_configs"))
                .mapToInt(key -> wanted.getJsonArray(key).size())
                .sum();
        assertThat(config.discoveries()).as(job).hasSize(discoveries);
    }

    private static List<String> steps(List<RelabelConfig> steps) {
        return steps.stream()
                .map(step -> step.sourceLabels() + step.separator() + step.targetLabel() + " " + step.regex() + " "
                        + step.modulus() + " " + step.replacement() + " " + step.action())
                .toList();
    }

    private static List<String> steps(JsonObject job, String key) {
        if (!job.containsKey(key)) {
            return List.of();
        }
        return job.getJsonArray(key).getValuesAs(JsonObject.class).stream()
                .map(step -> {
                    List<String> sources = step.containsKey("source_labels")
                            ? step.getJsonArray("source_labels").getValuesAs(JsonString::getString)
                            : List.of();
                    return sources + step.getString("separator") + step.getString("target_label", "") + " "
                            + step.getString("regex") + " " + step.getInt("modulus", 0) + " "
                            + step.getString("replacement") + " "
                            + step.getString("action").toUpperCase(Locale.ROOT);
                })
                .toList();
    }

    @Test
    void readsRuleFiles() throws IOException {
        Path data = folder.resolve("rulefmt/testdata");
        JsonObject expected = json(folder.resolve("rulefmt/expected.json"));
        int refused = 0;
        for (JsonObject one : expected.getJsonArray("bad").getValuesAs(JsonObject.class)) {
            Optional<String> error = rules(data, one);
            refused += error.isPresent() ? 1 : 0;
        }
        for (JsonObject one : expected.getJsonArray("good").getValuesAs(JsonObject.class)) {
            assertThat(rules(data, one)).as(one.getString("file")).isEmpty();
        }
        // The eleventh has a mistake in its expression, which those find who evaluate it.
        assertThat(refused).isEqualTo(10);
    }

    /** Those of its rule manager; what is in them matters elsewhere. */
    @Test
    void readsRuleFilesOfTheManager(@TempDir Path own) throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("rules/fixtures"))) {
            for (Path file : files.sorted().toList()) {
                Path config = Texts.write(own, "prometheus.yml", "rule_files: ['" + file + "']\n");
                String name = file.getFileName().toString();
                if (name.equals("invalid_rules.yaml")) {
                    assertThatThrownBy(() -> Texts.read(config))
                            .hasMessage(file + ":6: unknown key unexpected_field in groups[0].rules[0]");
                    continue;
                }
                Configuration read = Texts.read(config);
                assertThat(read.ruleGroups()).as(name).isNotEmpty();
                assertThat(read.diagnostics()).hasSize(name.equals("rules_multi_doc.yaml") ? 1 : 0);
            }
        }
    }

    private static Optional<String> rules(Path data, JsonObject one) throws IOException {
        String text = Files.readString(data.resolve(one.getString("file")));
        boolean legacy = one.getString("name_validation_scheme", "utf8").equals("legacy");
        return error(() -> {
            Section global = Section.of(Texts.node("metric_name_validation_scheme: " + (legacy ? "legacy" : "utf8")));
            Defaults defaults = Defaults.read(global, null, name -> null, new Diagnostics());
            new RuleReader(defaults).read(Texts.node(text));
        });
    }

    @Test
    void readsHttpClientSections() throws IOException {
        Path data = folder.resolve("http-client/testdata");
        JsonObject expected = json(folder.resolve("http-client/expected.json"));
        int sameWords = 0;
        List<JsonObject> bad =
                expected.getJsonArray("invalid_http_client_config").getValuesAs(JsonObject.class);
        for (JsonObject one : bad) {
            String text = Files.readString(data.resolve(one.getString("file")));
            Optional<String> error = error(() -> {
                Section section = Section.of(Texts.node(text));
                new HttpClientReader(Path.of(""), new Diagnostics()).read(section);
            });
            assertThat(error).as(one.getString("file")).isPresent();
            if (error.orElseThrow().contains(one.getString("errSubstring"))) {
                sameWords++;
            }
        }
        assertThat(sameWords).isGreaterThanOrEqualTo(16);
    }

    @Test
    void readsTlsSections() throws IOException, ConfigException {
        Path data = folder.resolve("http-client/testdata");
        JsonObject tls = json(folder.resolve("http-client/expected.json")).getJsonObject("tls_config");
        for (JsonObject one : tls.getJsonArray("valid").getValuesAs(JsonObject.class)) {
            HttpClientConfig.Tls read =
                    HttpClientKeys.tls(Texts.section(Files.readString(data.resolve(one.getString("file")))));
            assertThat(read)
                    .as(one.getString("file"))
                    .isEqualTo(new HttpClientConfig.Tls(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            "",
                            one.getBoolean("insecure_skip_verify", false),
                            one.getString("min_version", ""),
                            one.getString("max_version", "")));
        }
        for (JsonObject one : tls.getJsonArray("invalid").getValuesAs(JsonObject.class)) {
            String text = Files.readString(data.resolve(one.getString("file")));
            assertThat(error(() -> HttpClientKeys.tls(Texts.section(text))).orElse("accepted"))
                    .contains(one.getString("errSubstring"));
        }
    }

    @Test
    void acceptsGoodHttpClientSections() throws IOException {
        Path data = folder.resolve("http-client/testdata");
        int ran = 0;
        for (String name : data.toFile()
                .list((dir, name) ->
                        name.startsWith("http.conf.") && name.contains(".good.") && !name.endsWith(".json"))) {
            ran++;
            String text = Files.readString(data.resolve(name));
            assertThat(error(() -> HttpClientKeys.readOnly(Texts.section(text))))
                    .as(name)
                    .isEmpty();
        }
        assertThat(ran).isGreaterThanOrEqualTo(5);
    }

    @Test
    void checksAzureAdSections() throws IOException {
        JsonObject expected = json(folder.resolve("azuread/expected.json"));
        for (JsonObject one : expected.getJsonArray("cases").getValuesAs(JsonObject.class)) {
            String text = Files.readString(folder.resolve("azuread/testdata").resolve(one.getString("file")));
            Optional<String> error = error(() -> AzureAdSection.check(Section.of(Texts.node(text))));
            if (one.getBoolean("ok")) {
                assertThat(error).as(one.getString("file")).isEmpty();
            } else {
                assertThat(error.orElse("accepted")).as(one.getString("file")).contains(one.getString("errSubstring"));
            }
        }
    }
}
