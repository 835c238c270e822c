package org.narthex.probe;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

/** Speaks TLS over a connection that is there, and tells of the certificates. Certificates and trust are those of Narthex' HTTP clients. */
final class Tls {
    private final Supplier<HttpClients> clients;
    private final HttpClientConfig.Tls settings;

    /** @param clients gives null while there are none */
    Tls(Supplier<HttpClients> clients, HttpClientConfig.Tls settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /** Whether the certificate must be for the name of the server that is connected to. */
    boolean checksName() {
        return !settings.insecureSkipVerify() && settings.serverName().isEmpty();
    }

    HttpClients.Client client(HttpClientConfig config) throws IOException {
        HttpClients now = clients.get();
        if (now == null) {
            throw new IOException("Narthex' HTTP clients are not there at present");
        }
        return now.client(config.withTls(settings));
    }

    /**
     * Shakes hands.
     *
     * @param host whose certificate is expected, unless the settings name another
     * @param protocols that are to be spoken over it, such as {@code h2}; none to leave that open
     * @throws IOException the server is not trusted, or does not speak TLS
     */
    SSLSocket over(Socket plain, String host, ProbeRun run, String... protocols) throws IOException {
        java.net.http.HttpClient http = client(HttpClientConfig.DEFAULT).http();
        String name = settings.serverName().isEmpty() ? host : settings.serverName();
        SSLSocket socket =
                (SSLSocket) http.sslContext().getSocketFactory().createSocket(plain, name, plain.getPort(), true);
        SSLParameters parameters = http.sslParameters();
        if (checksName()) {
            // With a name in the settings, the trust that comes from there looks at it.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (protocols.length > 0) {
            parameters.setApplicationProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(run.remainingMs());
        socket.startHandshake();
        return socket;
    }

    /** Says what the certificates and the connection are. */
    static void report(SSLSession session, ProbeRun run) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : session.getPeerCertificates()) {
            if (certificate instanceof X509Certificate x509) {
                chain.add(x509);
            }
        }
        double earliest = chain.stream()
                        .mapToLong(certificate ->
                                certificate.getNotAfter().toInstant().toEpochMilli())
                        .min()
                        .orElse(0)
                / 1e3;
        run.metrics().gauge("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime", earliest);
        run.metrics()
                .gauge(
                        "probe_ssl_last_chain_expiry_timestamp_seconds",
                        "Returns last SSL chain expiry in timestamp",
                        earliest);
        X509Certificate leaf = chain.get(0);
        try {
            run.metrics()
                    .gauge(
                            "probe_ssl_last_chain_info",
                            "Contains SSL leaf certificate information",
                            1,
                            "fingerprint_sha256",
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded())),
                            "issuer",
                            leaf.getIssuerX500Principal().getName(),
                            "serialnumber",
                            leaf.getSerialNumber().toString(16),
                            "subject",
                            leaf.getSubjectX500Principal().getName(),
                            "subjectalternative",
                            alternatives(leaf));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be read: " + e.getMessage(), e);
        }
        run.metrics()
                .gauge(
                        "probe_tls_version_info",
                        "Returns the TLS version used or NaN when unknown",
                        1,
                        "version",
                        session.getProtocol().replace("TLSv", "TLS "));
        run.metrics()
                .gauge(
                        "probe_tls_cipher_info",
                        "Returns the TLS cipher negotiated during handshake",
                        1,
                        "cipher",
                        session.getCipherSuite());
    }

    private static String alternatives(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        StringBuilder all = new StringBuilder();
        if (names != null) {
            for (List<?> name : names) {
                // Type 2 is a name of DNS.
                if (name.get(0).equals(2)) {
                    all.append(all.isEmpty() ? "" : ",").append(name.get(1));
                }
            }
        }
        return all.toString();
    }
}
