package org.narthex.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.config.Flag;

class SettingsTest {
    @TempDir
    Path home;

    private Settings settings(String... args) throws StartException {
        return Settings.of(new Installation(home, "1.2.3"), CommandLine.parse(args));
    }

    private Map<String, Object> properties(Settings settings) {
        return FrameworkProperties.of(settings, new ConsolePassword("secret", false), 42, 6);
    }

    @Test
    void defaultPathsBelongToTheInstallation() throws StartException {
        Settings settings = settings();

        assertThat(settings.value(Flag.CONFIG_FILE))
                .isEqualTo(home.resolve("conf/prometheus.yml").toString());
        assertThat(settings.storage()).isEqualTo(home.resolve("data"));
    }

    @Test
    void givenPathsAreRelativeToTheWorkingDirectory() throws StartException {
        Settings settings = settings("--config.file=x.yml", "--storage.tsdb.path=data/");

        assertThat(settings.value(Flag.CONFIG_FILE)).isEqualTo("x.yml");
        assertThat(settings.storage()).isEqualTo(Path.of("data").toAbsolutePath());
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', /",
        "'', http://host:9090, /",
        "'', http://host/prom/, /prom/",
        "'', /prom, /prom/",
        "x/y, http://host/prom, /x/y/",
        "/, http://host/prom, /",
    })
    void theRoutePrefixWinsOverTheExternalUrl(String prefix, String url, String path) throws StartException {
        assertThat(settings("--web.route-prefix=" + prefix, "--web.external-url=" + url)
                        .path())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', /",
        "'', http://host/prom/, /prom/",
        "x/y, '', /x/y/",
        "x/y, http://host/prom, /prom/",
        "/, http://host/prom, /prom/",
        "/x, http://host, /",
    })
    void browsersSeeThePathOfTheExternalUrl(String prefix, String url, String path) throws StartException {
        Settings settings = settings("--web.route-prefix=" + prefix, "--web.external-url=" + url);

        assertThat(properties(settings)).containsEntry("narthex.web.external-path", path);
    }

    @Test
    void aProxyMayCutThePrefixOff() throws StartException {
        assertThat(properties(settings("--web.route-prefix=/", "--web.external-url=http://host/prom")))
                .doesNotContainKey("org.apache.felix.http.context_path");
        assertThat(properties(settings("--web.route-prefix=/x", "--web.external-url=http://host/prom")))
                .containsEntry("org.apache.felix.http.context_path", "/x");
    }

    @Test
    void aBadCorsOriginIsNamed() throws StartException, IOException {
        Path config = Files.writeString(home.resolve("prometheus.yml"), "");
        Settings settings =
                settings("--web.listen-address=127.0.0.1:0", "--config.file=" + config, "--web.cors.origin=https://(a");

        assertThatThrownBy(settings::check)
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("--web.cors.origin: ");
    }

    @Test
    void refusesAnExternalUrlThatIsNone() {
        assertThatThrownBy(() -> settings("--web.external-url=http://a b"))
                .hasMessageStartingWith("--web.external-url: ");
        assertThatThrownBy(() -> settings("--web.external-url=mailto:x"))
                .hasMessageStartingWith("--web.external-url: ");
    }

    @Test
    void bundlesAreToldEveryFlag() throws StartException {
        Map<String, Object> properties = properties(settings("--web.listen-address=[::1]:9", "--web.route-prefix=/p"));

        for (Flag flag : Flag.values()) {
            assertThat(properties).containsKey(flag.property());
        }
        assertThat(properties)
                .containsEntry("narthex.version", "1.2.3")
                .containsEntry("narthex.started", "42")
                .containsEntry("narthex.web.external-path", "/p/")
                .containsEntry("org.osgi.service.http.port", "9")
                .containsEntry("org.apache.felix.http.host", "::1")
                .containsEntry("org.apache.felix.http.context_path", "/p");
    }

    @Test
    void aMissingConfigurationFileIsNamed() throws StartException {
        Settings settings = settings("--web.listen-address=127.0.0.1:0", "--config.file=" + home.resolve("none.yml"));

        assertThatThrownBy(settings::check)
                .hasMessage("cannot read the file of --config.file, " + home.resolve("none.yml") + ": no such file");
    }

    @Test
    void aDataFolderThatCannotBeMadeIsNamed() throws StartException, IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        Settings settings = settings(
                "--web.listen-address=127.0.0.1:0",
                "--config.file=" + file,
                "--storage.tsdb.path=" + file.resolve("data"));

        assertThatThrownBy(settings::check)
                .hasMessageStartingWith("cannot write to the data folder " + file.resolve("data") + ": ");
    }

    @Test
    void aGoodStartTakesTheStateFolder() throws StartException, IOException {
        Path config = Files.writeString(home.resolve("prometheus.yml"), "");

        settings("--web.listen-address=127.0.0.1:0", "--config.file=" + config).check();

        assertThat(home.resolve("data/narthex")).isDirectoryContaining("glob:**/process.lock");
    }

    @Test
    void aDataFolderInUseIsNamed() throws StartException, IOException {
        Path config = Files.writeString(home.resolve("prometheus.yml"), "");
        Settings settings = settings("--web.listen-address=127.0.0.1:0", "--config.file=" + config);
        settings.check();

        assertThatThrownBy(settings::check)
                .hasMessage("the data folder " + home.resolve("data") + " is in use by another process");
    }
}
