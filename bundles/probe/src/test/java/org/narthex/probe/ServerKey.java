package org.narthex.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key for localhost, signed by itself, made by the JDK's keytool for one test run. */
final class ServerKey {
    private static final String PASSWORD = "changeit";

    final SSLContext context;
    /** The certificate, in PEM. */
    final Path certificate;

    ServerKey(Path folder) throws Exception {
        Path file = folder.resolve("key.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options =
                "-genkeypair -alias k -keyalg EC -dname CN=test -ext san=dns:localhost,ip:127.0.0.1 -validity 2"
                        + " -storetype PKCS12 -storepass " + PASSWORD + " -keystore " + file;
        Process process = new ProcessBuilder((keytool + " " + options).split(" ", -1))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        certificate = folder.resolve("cert.pem");
        String body =
                Base64.getMimeEncoder().encodeToString(store.getCertificate("k").getEncoded());
        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }
}
