package org.narthex.http.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.narthex.api.http.HttpClientConfig.Secret;

/**
 * Reads certificates and private keys from PEM files: {@code PRIVATE KEY} (PKCS#8), {@code RSA PRIVATE KEY} (PKCS#1) and
 * {@code EC PRIVATE KEY} (SEC 1), unencrypted. The JDK knows only the first, so the others are wrapped into it.
 */
final class Pem {
    /** SEQUENCE { OID rsaEncryption, NULL }. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** OID ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;

    /** What stands between two marker lines. */
    private static final class Block {
        final String type;
        final byte[] der;

        Block(String type, byte[] der) {
            this.type = type;
            this.der = der;
        }
    }

    /** Where PEM text is. */
    record Source(String name, Secret secret) {
        static Source of(String name, Secret secret) {
            return new Source(secret.file().map(Path::toString).orElse(name), secret);
        }

        String text() throws IOException {
            Secrets.refuseReference(secret);
            return secret.file().isPresent()
                    ? Files.readString(secret.file().get(), StandardCharsets.ISO_8859_1)
                    : secret.text();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Pem() {}

    static List<X509Certificate> certificates(Source file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.type.equals("CERTIFICATE")) {
                    Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(block.der));
                    certificates.add((X509Certificate) certificate);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": not a valid certificate: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": holds no certificate");
        }
        return certificates;
    }

    static PrivateKey privateKey(Source file) throws IOException {
        for (Block block : blocks(file)) {
            byte[] pkcs8;
            switch (block.type) {
                case "PRIVATE KEY" -> pkcs8 = block.der;
                case "RSA PRIVATE KEY" -> pkcs8 = wrap(RSA, block.der);
                case "EC PRIVATE KEY" -> pkcs8 = wrap(der(SEQUENCE, concat(EC, curve(file, block.der))), block.der);
                case "ENCRYPTED PRIVATE KEY" -> throw new IOException(file + ": the private key is encrypted");
                default -> {
                    continue;
                }
            }
            return key(file, pkcs8);
        }
        throw new IOException(file + ": holds no private key");
    }

    private static PrivateKey key(Source file, byte[] pkcs8) throws IOException {
        GeneralSecurityException last = null;
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new IOException(file + ": not a valid private key", last);
    }

    private static List<Block> blocks(Source file) throws IOException {
        String text = file.text();
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf("-----BEGIN ");
        while (at >= 0) {
            int typeEnd = text.indexOf("-----", at + 11);
            String type = typeEnd < 0 ? "" : text.substring(at + 11, typeEnd);
            int end = text.indexOf("-----END " + type + "-----", at);
            if (typeEnd < 0 || end < 0) {
                throw new IOException(file + ": a PEM block does not end");
            }
            try {
                blocks.add(new Block(
                        type,
                        Base64.getMimeDecoder()
                                .decode(text.substring(typeEnd + 5, end).trim())));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": a PEM block of type " + type + " is no base64", e);
            }
            at = text.indexOf("-----BEGIN ", end);
        }
        return blocks;
    }

    /** PrivateKeyInfo: version, algorithm, the key as it was. */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, concat(concat(VERSION_0, algorithm), der(OCTET_STRING, key)));
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 5);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = new byte[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** The curve's name inside an ECPrivateKey: SEQUENCE { version, OCTET STRING, [0] parameters, … }. */
    private static byte[] curve(Source file, byte[] sec1) throws IOException {
        try {
            int at = contentStart(sec1, 0);
            while (at < sec1.length) {
                int content = contentStart(sec1, at);
                int length = contentLength(sec1, at);
                if ((sec1[at] & 0xff) == PARAMETERS) {
                    byte[] parameters = new byte[length];
                    System.arraycopy(sec1, content, parameters, 0, length);
                    return parameters;
                }
                at = content + length;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(file + ": not a valid EC private key", e);
        }
        throw new IOException(file + ": the EC private key does not name its curve");
    }

    private static int contentStart(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int contentLength(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | (der[at + 2 + i] & 0xff);
        }
        return length;
    }
}
