package org.narthex.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.testkit.DamagedInput;
import org.narthex.testkit.DiscoveryContract;

class FileDiscoveryTest extends DiscoveryContract {
    private final FileDiscoveryProvider provider = new FileDiscoveryProvider(Clock.systemUTC());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        provider.stop();
    }

    @Override
    protected DiscoveryProvider provider() {
        return provider;
    }

    @Override
    protected ConfigNode section() {
        return section("targets/*.json");
    }

    @Override
    protected ConfigNode badSection() {
        return section("targets/*.txt");
    }

    private ConfigNode section(String... files) {
        String config = folder.resolve("prometheus.yml").toString();
        List<ConfigNode> names = List.of(files).stream()
                .map(file -> ConfigNode.scalar(config, 5, "files", file))
                .toList();
        return ConfigNode.mapping(
                config, 4, "file_sd_configs[0]", Map.of("files", ConfigNode.sequence(config, 5, "files", names)));
    }

    @Override
    protected void publish(List<String> addresses) throws IOException {
        StringBuilder json = new StringBuilder("[\n\t{\"targets\": [");
        for (int i = 0; i < addresses.size(); i++) {
            json.append(i == 0 ? "" : ", ").append('"').append(addresses.get(i)).append('"');
        }
        write(
                "targets/list.json",
                json.append("], \"labels\": {\"a\": \"b\\/\\u00e9\"}}]").toString());
    }

    /** As a careful writer does it: never half a file. */
    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path half = folder.resolve("half");
        Files.writeString(half, content);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void givesLabelsWithThePathOfTheFile() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
        }
        String file = folder.resolve("targets/list.json").toString();
        TargetGroup group = groups.all().get(0);
        assertThat(group.source()).isEqualTo(file + ":0");
        assertThat(group.labels()).isEqualTo(Labels.of("a", "b/é", "__meta_filepath", file));
    }

    @Test
    void keepsTheGroupsOfABrokenFile() throws Exception {
        write("targets/a.yml", "- targets: [a:1]\n- targets: [b:2]\n  labels: {port: 80}\n");
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section("targets/a.yml", "targets/b.yaml"), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1", "b:2");
            write("targets/a.yml", "- targets: [c:3\n");
            write("targets/b.yaml", "- targets: [d:4]\n");
            groups.awaitAddresses("a:1", "b:2", "d:4");
            write("targets/a.yml", "- targets: [c:3]\n");
            groups.awaitAddresses("c:3", "d:4");
        }
    }

    @Test
    void dropsTheGroupsOfADeletedFile() throws Exception {
        write("targets/a.yml", "- targets: [a:1]\n");
        write("targets/b.yml", "- targets: [b:2]\n");
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section("targets/*.yml"), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1", "b:2");
            Files.delete(folder.resolve("targets/a.yml"));
            groups.awaitAddresses("b:2");
        }
    }

    @Test
    void wantsTheStarInTheLastElement() {
        for (String name : List.of("dir*/x.json", "a**.json", "x", "x.JSONX", "*/x.yml")) {
            assertThatThrownBy(() -> provider.check(section(name)))
                    .as(name)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is not valid for file discovery");
        }
        for (String name : List.of("x.json", "/etc/x*.yml", "a/b/*.YAML", "*x.yaml")) {
            assertThat(FilePattern.of(folder, name)).as(name).isNotNull();
        }
        assertThatThrownBy(() -> provider.check(section(new String[0])))
                .hasMessageContaining("must contain at least one path name");
    }

    @Test
    void refusesWhatIsNoListOfGroups() throws Exception {
        for (String bad : List.of(
                "- null\n",
                "[null]",
                "targets: [a]\n",
                "- targets: a\n",
                "- targets: [{a: b}]\n",
                "- targets: [a]\n  lables: {}\n",
                "- labels: {a: [b]}\n")) {
            write("bad.yml", bad);
            assertThatThrownBy(() -> TargetList.read(folder.resolve("bad.yml"), "bad.yml"))
                    .as(bad)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void damagedFilesAreTakenOrRefused() throws Exception {
        for (String[] one : new String[][] {
            {
                "t.yml",
                "- targets: ['a:1', \"b:2\"]\n  labels: &l {env: prod, 'x y': 3}\n- targets:\n  - c:3\n  labels: *l\n"
            },
            {
                "t.json",
                "[{\"targets\": [\"a:1\", \"b\\u00e9:2\"],\n\t\"labels\": {\"env\": \"prod\"}}, {\"targets\": []}]"
            }
        }) {
            Path file = folder.resolve(one[0]);
            DamagedInput.isTakenOrRefused(1_000, one[1], IOException.class, bytes -> {
                Files.write(file, bytes);
                assertThat(TargetList.read(file, one[0])).isNotNull();
            });
        }
    }

    @Test
    void readsALargeFile() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40_000; i++) {
            text.append("- targets: ['host-")
                    .append(100_000 + i)
                    .append(".example.org:9100']\n  labels: {env: production, zone: eu-central-1}\n");
        }
        Path file = Files.writeString(folder.resolve("large.yml"), text);
        assertThat(Files.size(file)).isGreaterThan(3 << 20);
        assertThat(TargetList.read(file, "large.yml")).hasSize(40_000);
    }

    @Test
    void refusesAFileOfNothingButDepth() throws Exception {
        Path file = Files.writeString(folder.resolve("deep.yml"), "[".repeat(200_000));
        assertThatThrownBy(() -> TargetList.read(file, "deep.yml"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nested too deep");
    }

    @Test
    void readsUpstreamsFilesLikeUpstream() throws Exception {
        String conformance = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(conformance.isEmpty(), "conformance.dir is not set");
        Path fixtures = Path.of(conformance, "config/discovery/file/fixtures");
        for (String name : List.of("valid.json", "valid.yml", "valid3.yml")) {
            List<TargetGroup> groups = TargetList.read(fixtures.resolve(name), name);
            assertThat(groups).as(name).hasSize(2);
            assertThat(groups.get(0).targets())
                    .containsExactly(
                            Labels.of("__address__", "localhost:9090"), Labels.of("__address__", "example.org:443"));
            assertThat(groups.get(0).labels()).isEqualTo(Labels.of("foo", "bar", "__meta_filepath", name));
            assertThat(groups.get(0).source()).isEqualTo(name + ":0");
            assertThat(groups.get(1).labels()).isEqualTo(Labels.of("__meta_filepath", name));
        }
        assertThat(TargetList.read(fixtures.resolve("valid2.yml"), "f")).hasSize(3);
        for (String name : List.of("invalid_nil.json", "invalid_nil.yml")) {
            assertThatThrownBy(() -> TargetList.read(fixtures.resolve(name), name))
                    .hasMessageContaining("nil target group item found (index 1)");
        }
    }
}
