package org.narthex.http.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.narthex.api.http.HttpClientConfig;

/** Makes a TLS context of the named PEM files. */
final class TlsContext {
    private static final char[] NO_PASSWORD = {};

    private TlsContext() {}

    /** When the files were changed last, so that renewed certificates are noticed; 0 for those not named. */
    record FileTimes(long ca, long cert, long key) {
        static FileTimes of(HttpClientConfig.Tls tls) throws IOException {
            return new FileTimes(time(tls.caFile()), time(tls.certFile()), time(tls.keyFile()));
        }

        private static long time(Optional<Path> file) throws IOException {
            if (file.isEmpty()) {
                return 0;
            }
            try {
                return Files.getLastModifiedTime(file.get()).toMillis();
            } catch (IOException e) {
                throw new IOException("cannot read TLS file " + file.get() + ": " + e.getMessage(), e);
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

    private static KeyManager[] keys(HttpClientConfig.Tls tls) throws IOException, GeneralSecurityException {
        if (tls.certFile().isEmpty() && tls.keyFile().isEmpty()) {
            return new KeyManager[0];
        }
        if (tls.certFile().isEmpty() || tls.keyFile().isEmpty()) {
            throw new IOException("a client certificate needs both cert_file and key_file");
        }
        List<X509Certificate> chain = Pem.certificates(tls.certFile().get());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client", Pem.privateKey(tls.keyFile().get()), NO_PASSWORD, chain.toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager trust(HttpClientConfig.Tls tls) throws IOException, GeneralSecurityException {
        if (tls.insecureSkipVerify()) {
            return new NamedTrust(null, "");
        }
        KeyStore store = null;
        if (tls.caFile().isPresent()) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int n = 0;
            for (X509Certificate certificate : Pem.certificates(tls.caFile().get())) {
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
