package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.narthex.api.discovery.Json;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Authorization;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClientConfig.Tls;

/**
 * Credentials that a command prints, as {@code users[].user.exec} of a kubeconfig says: kept until they expire or are refused. Source: Kubernetes'
 * documentation, "client-go credential plugins".
 */
final class ExecLogin implements Access.Login {
    private static final String GROUP = "client.authentication.k8s.io/";
    private static final long PATIENCE_SECONDS = 60;
    private static final int SHOWN_CHARACTERS = 200;

    /**
     * What to run.
     *
     * @param folder of the kubeconfig, which a command with a slash is relative to
     * @param clusterInfo what the command is told of the cluster, as JSON; empty for nothing
     */
    record Plugin(
            Path folder,
            String apiVersion,
            String command,
            List<String> arguments,
            Map<String, String> environment,
            String clusterInfo) {}

    private final Plugin plugin;
    private final HttpClientConfig base;
    private final InstantSource clock;
    private Optional<HttpClientConfig> known = Optional.empty();
    private Instant expires = Instant.MAX;

    /** @param base settings without credentials */
    ExecLogin(Plugin plugin, HttpClientConfig base, InstantSource clock) {
        this.plugin = plugin;
        this.base = base;
        this.clock = clock;
    }

    @Override
    public synchronized HttpClientConfig http() throws IOException {
        if (known.isEmpty() || !clock.instant().isBefore(expires)) {
            known = Optional.empty();
            known = Optional.of(with(Json.parse(run())));
        }
        return known.get();
    }

    @Override
    public synchronized void refused() {
        known = Optional.empty();
    }

    private String run() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(
                plugin.command().contains("/")
                        ? plugin.folder().resolve(plugin.command()).toString()
                        : plugin.command());
        command.addAll(plugin.arguments());
        Path printed = Files.createTempFile("narthex-credential", ".json");
        Path complaint = Files.createTempFile("narthex-credential", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(printed.toFile()).redirectError(complaint.toFile());
            builder.environment().putAll(plugin.environment());
            builder.environment()
                    .put(
                            "KUBERNETES_EXEC_INFO",
                            "{\"apiVersion\":\"" + plugin.apiVersion()
                                    + "\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false"
                                    + (plugin.clusterInfo().isEmpty() ? "" : ",\"cluster\":" + plugin.clusterInfo())
                                    + "}}");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw failure("gave no credential within " + PATIENCE_SECONDS + " seconds");
            }
            if (process.exitValue() != 0) {
                String said =
                        Files.readString(complaint, StandardCharsets.ISO_8859_1).strip();
                throw failure("ended with " + process.exitValue()
                        + (said.isEmpty() ? "" : ": " + said.substring(0, Math.min(SHOWN_CHARACTERS, said.length()))));
            }
            return Files.readString(printed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a credential was fetched", e);
        } finally {
            Files.deleteIfExists(printed);
            Files.deleteIfExists(complaint);
        }
    }

    private IOException failure(String what) {
        return new IOException("the credential plug-in " + plugin.command() + " " + what);
    }

    private HttpClientConfig with(Json printed) throws IOException {
        if (!printed.text("kind").equals("ExecCredential")
                || !printed.text("apiVersion").equals(plugin.apiVersion())) {
            throw failure("printed no ExecCredential of " + plugin.apiVersion());
        }
        Json status = printed.get("status");
        String token = status.text("token");
        String certificate = status.text("clientCertificateData");
        String key = status.text("clientKeyData");
        if (token.isEmpty() && (certificate.isEmpty() || key.isEmpty())) {
            throw failure("printed neither a token nor a certificate with its key");
        }
        expires = expiry(status.text("expirationTimestamp"));
        HttpClientConfig config = base;
        if (!token.isEmpty()) {
            config = config.withAuthorization(new Authorization("Bearer", Secret.of(token)));
        }
        if (!certificate.isEmpty()) {
            Tls tls = base.tls();
            config = config.withTls(new Tls(
                    tls.ca(),
                    Optional.of(Secret.of(certificate)),
                    Optional.of(Secret.of(key)),
                    tls.serverName(),
                    tls.insecureSkipVerify(),
                    tls.minVersion(),
                    tls.maxVersion()));
        }
        return config;
    }

    private Instant expiry(String text) throws IOException {
        try {
            return text.isEmpty() ? Instant.MAX : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw failure("printed the expirationTimestamp \"" + text + "\", which is none");
        }
    }

    /** Whether credentials of the version are known. */
    static boolean isKnown(String apiVersion) {
        return apiVersion.equals(GROUP + "v1") || apiVersion.equals(GROUP + "v1beta1");
    }
}
