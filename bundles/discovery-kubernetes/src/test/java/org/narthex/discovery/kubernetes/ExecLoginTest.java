package org.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Authorization;
import org.narthex.api.http.HttpClientConfig.Secret;

class ExecLoginTest {
    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** @param script prints a credential; each run is counted in the file {@code runs} */
    private ExecLogin login(String script) throws IOException {
        Path file = Files.writeString(
                folder.resolve("login"), "#!/bin/sh\necho >> " + folder.resolve("runs") + "\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return new ExecLogin(
                new ExecLogin.Plugin(
                        folder,
                        "client.authentication.k8s.io/v1",
                        "./login",
                        List.of("an argument"),
                        Map.of("OWN", "variable"),
                        "{\"server\":\"https://s\"}"),
                HttpClientConfig.DEFAULT,
                () -> now);
    }

    private static String credential(String status) {
        return "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{"
                + status + "}}'\n";
    }

    private int runs() throws IOException {
        return Files.readAllLines(folder.resolve("runs")).size();
    }

    private static Optional<Authorization> bearer(String token) {
        return Optional.of(new Authorization("Bearer", Secret.of(token)));
    }

    @Test
    void keepsATokenUntilItExpiresOrIsRefused() throws Exception {
        ExecLogin login = login(credential("\"token\":\"t\",\"expirationTimestamp\":\"2026-01-01T01:00:00Z\""));
        assertThat(login.http().authorization()).isEqualTo(bearer("t"));
        assertThat(login.http().authorization()).isEqualTo(bearer("t"));
        assertThat(runs()).isEqualTo(1);
        now = Instant.parse("2026-01-01T01:00:00Z");
        assertThat(login.http().authorization()).isEqualTo(bearer("t"));
        assertThat(runs()).isEqualTo(2);
        now = Instant.parse("2026-01-01T00:30:00Z");
        login.refused();
        assertThat(login.http().authorization()).isEqualTo(bearer("t"));
        assertThat(runs()).isEqualTo(3);
    }

    @Test
    void tellsTheCommandWhatItMustKnow() throws Exception {
        ExecLogin login =
                login("printf '%s|%s|%s' \"$1\" \"$OWN\" \"$KUBERNETES_EXEC_INFO\" > " + folder.resolve("told") + "\n"
                        + credential("\"clientCertificateData\":\"c\",\"clientKeyData\":\"k\""));
        HttpClientConfig config = login.http();
        assertThat(config.tls().cert()).contains(Secret.of("c"));
        assertThat(config.tls().key()).contains(Secret.of("k"));
        assertThat(config.authorization()).isEmpty();
        assertThat(Files.readString(folder.resolve("told")))
                .isEqualTo(
                        "an argument|variable|{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
                                + "\"spec\":{\"interactive\":false,\"cluster\":{\"server\":\"https://s\"}}}");
    }

    @Test
    void saysWhatIsWrongWithTheCommand() throws Exception {
        assertThatThrownBy(login("echo no luck >&2; exit 3\n")::http)
                .hasMessage("the credential plug-in ./login ended with 3: no luck");
        assertThatThrownBy(login(credential(""))::http).hasMessageContaining("neither a token nor a certificate");
        assertThatThrownBy(login("echo '{}'\n")::http).hasMessageContaining("no ExecCredential of client.auth");
        assertThatThrownBy(login(credential("\"token\":\"t\",\"expirationTimestamp\":\"soon\""))::http)
                .hasMessageContaining("\"soon\"");
        ExecLogin gone = login("");
        Files.delete(folder.resolve("login"));
        assertThatThrownBy(gone::http).isInstanceOf(IOException.class).hasMessageContaining("login");
    }
}
