package org.narthex.http.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;

/** Makes a TLS context of the given PEM texts. */
final class TlsContext {
    private static final char[] NO_PASSWORD = {};
    /** Prometheus' names of versions, in order, and the JDK's. */
    private static final List<String> VERSIONS = List.of("TLS10", "TLS11", "TLS12", "TLS13");

    private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private TlsContext() {}

    /** When the files were changed last, so that renewed certificates are noticed; 0 for those not named. */
    record FileTimes(long ca, long cert, long key) {
        static FileTimes of(HttpClientConfig.Tls tls) throws IOException {
            return new FileTimes(time(tls.ca()), time(tls.cert()), time(tls.key()));
        }

        private static long time(Optional<Secret> secret) throws IOException {
            Optional<Path> file = secret.flatMap(Secret::file);
            if (file.isEmpty()) {
                return 0;
            }
            try {
                return Files.getLastModifiedTime(file.get()).toMillis();
            } catch (IOException e) {
                throw UnreadableFile.because(e, "TLS", file.get());
            }
        }
    }

    static SSLContext of(HttpClientConfig.Tls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(tls), new TrustManager[] {trust(tls)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** The versions of TLS to speak. */
    static SSLParameters parameters(HttpClientConfig.Tls tls) {
        int min = tls.minVersion().isEmpty() ? VERSIONS.indexOf("TLS12") : VERSIONS.indexOf(tls.minVersion());
        int max = tls.maxVersion().isEmpty() ? VERSIONS.size() - 1 : VERSIONS.indexOf(tls.maxVersion());
        List<String> protocols = new ArrayList<>(PROTOCOLS.subList(Math.min(min, max), max + 1));
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        return parameters;
    }

    private static KeyManager[] keys(HttpClientConfig.Tls tls) throws IOException, GeneralSecurityException {
        if (tls.cert().isEmpty() && tls.key().isEmpty()) {
            return new KeyManager[0];
        }
        if (tls.cert().isEmpty() || tls.key().isEmpty()) {
            throw new IOException("a client certificate needs both cert_file and key_file");
        }
        List<X509Certificate> chain =
                Pem.certificates(Pem.Source.of("cert", tls.cert().get()));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                Pem.privateKey(Pem.Source.of("key", tls.key().get())),
                NO_PASSWORD,
                chain.toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager trust(HttpClientConfig.Tls tls) throws IOException, GeneralSecurityException {
        if (tls.insecureSkipVerify()) {
            return new NamedTrust(null, "");
        }
        KeyStore store = null;
        if (tls.ca().isPresent()) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int n = 0;
            for (X509Certificate certificate :
                    Pem.certificates(Pem.Source.of("ca", tls.ca().get()))) {
                store.setCertificateEntry("ca" + n++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return tls.serverName().isEmpty() ? x509 : new NamedTrust(x509, tls.serverName());
            }
        }
        throw new GeneralSecurityException("the JVM has no X.509 trust manager");
    }
}
