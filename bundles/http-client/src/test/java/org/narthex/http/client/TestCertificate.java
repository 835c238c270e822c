package org.narthex.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key with a certificate signed by itself, made by the JDK's keytool for one test run. */
final class TestCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    final KeyStore store;
    final PrivateKey key;
    final X509Certificate certificate;

    /** @param names such as {@code dns:localhost} */
    TestCertificate(Path folder, String algorithm, String names) throws Exception {
        Path file = folder.resolve(algorithm + names.hashCode() + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + names,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed");
        }
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        key = (PrivateKey) store.getKey("k", PASSWORD);
        certificate = (X509Certificate) store.getCertificate("k");
    }

    /** A server's context that knows clients by this same certificate. */
    SSLContext serverContext() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("k", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    Path certificateFile(Path folder) throws Exception {
        return pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
    }

    Path pkcs8File(Path folder) throws IOException {
        return pem(folder.resolve("pkcs8.pem"), "PRIVATE KEY", key.getEncoded());
    }

    /** The key as OpenSSL's older commands write it: what stands inside PKCS#8, for EC with the curve beside it. */
    Path traditionalFile(Path folder) throws IOException {
        byte[] pkcs8 = key.getEncoded();
        if (key.getAlgorithm().equals("RSA")) {
            // SEQUENCE, version, algorithm take 4 + 3 + 15 bytes, the head of the OCTET STRING 4.
            return pem(folder.resolve("pkcs1.pem"), "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        }
        int algorithm = pkcs8[1] < 0 ? 6 : 5;
        int curve = algorithm + 2 + 9;
        int curveEnd = curve + 2 + pkcs8[curve + 1];
        byte[] sec1 = Arrays.copyOfRange(pkcs8, curveEnd + 2, pkcs8.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] content = Arrays.copyOfRange(sec1, 2, sec1.length);
        byte[] oid = Arrays.copyOfRange(pkcs8, curve, curveEnd);
        out.write(0x30);
        out.write(content.length + 2 + oid.length);
        out.writeBytes(content);
        out.write(0xa0);
        out.write(oid.length);
        out.writeBytes(oid);
        return pem(folder.resolve("sec1.pem"), "EC PRIVATE KEY", out.toByteArray());
    }

    private static Path pem(Path file, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
}
