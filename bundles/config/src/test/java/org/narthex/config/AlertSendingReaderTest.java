package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.AwsSigning;
import org.narthex.api.http.HttpClientConfig.Secret;

class AlertSendingReaderTest {
    private static HttpClientConfig http(String yaml) throws ConfigException {
        Section alerting =
                Section.of(Texts.node("alertmanagers: [{static_configs: [{targets: [a:1]}], " + yaml + "}]"));
        return new AlertSendingReader(Path.of("/etc"), false, new Diagnostics())
                .read(alerting)
                .alertmanagers()
                .get(0)
                .httpClient();
    }

    @Test
    void readsHowRequestsAreSigned() throws ConfigException {
        assertThat(http("scheme: https").aws()).isEmpty();
        assertThat(http("sigv4: {region: r, access_key: AK, secret_key: SK, role_arn: arn}")
                        .aws())
                .contains(new AwsSigning("aps", "r", "AK", Secret.of("SK"), "", "arn", "", false));
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        assertThatThrownBy(() -> http("basic_auth: {username: u}, sigv4: {region: r}"))
                .hasMessageContaining("at most one of basic_auth, authorization, oauth2, & sigv4 must be configured");
        assertThatThrownBy(() -> http("sigv4: {access_key: AK}"))
                .hasMessageContaining("must provide a AWS SigV4 Access key and Secret Key");
        assertThatThrownBy(() -> http("sigv4: {regoin: r}")).hasMessageContaining("regoin");
    }
}
