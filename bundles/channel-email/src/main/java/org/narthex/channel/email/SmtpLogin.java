package org.narthex.channel.email;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;

/** Logs in to a mail server by the first of its mechanisms that there are credentials for. */
final class SmtpLogin {
    private SmtpLogin() {}

    static void login(SmtpConnection connection, EmailSection section)
            throws IOException, RejectedException, ConfigException {
        String user = section.text("auth_username");
        Optional<List<String>> mechanisms = connection.extension("AUTH");
        if (user.isEmpty() || mechanisms.isEmpty()) {
            return;
        }
        List<String> faults = new ArrayList<>();
        for (String mechanism : mechanisms.get()) {
            switch (mechanism) {
                case "CRAM-MD5" -> {
                    String secret = section.secret("auth_secret");
                    if (!secret.isEmpty()) {
                        cramMd5(connection, user, secret);
                        return;
                    }
                    faults.add("missing secret for CRAM-MD5 auth mechanism");
                }
                case "PLAIN", "LOGIN" -> {
                    String password = section.secret("auth_password");
                    if (!password.isEmpty()) {
                        requireEncryption(connection, section);
                        if (mechanism.equals("PLAIN")) {
                            String all = section.text("auth_identity") + '\0' + user + '\0' + password;
                            connection.command("AUTH PLAIN", "AUTH PLAIN " + base64(all));
                        } else {
                            connection.command("AUTH LOGIN", "AUTH LOGIN");
                            connection.command("AUTH LOGIN", base64(user));
                            connection.command("AUTH LOGIN", base64(password));
                        }
                        return;
                    }
                    faults.add("missing password for " + mechanism + " auth mechanism");
                }
                default -> faults.add("unknown auth mechanism: " + mechanism);
            }
        }
        throw new IOException("cannot log in to " + section.host() + ": " + String.join("; ", faults));
    }

    /** A password is not for everybody on the way to read. */
    private static void requireEncryption(SmtpConnection connection, EmailSection section) throws RejectedException {
        boolean local = List.of("localhost", "127.0.0.1", "::1").contains(section.host());
        if (!connection.isEncrypted() && !local) {
            throw new RejectedException("no password is sent to " + section.host() + " over an unencrypted connection");
        }
    }

    private static void cramMd5(SmtpConnection connection, String user, String secret)
            throws IOException, RejectedException {
        List<String> challenge = connection.command("AUTH CRAM-MD5", "AUTH CRAM-MD5");
        try {
            byte[] text = Base64.getDecoder()
                    .decode(challenge.get(challenge.size() - 1).strip());
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacMD5"));
            connection.command(
                    "AUTH CRAM-MD5", base64(user + ' ' + HexFormat.of().formatHex(mac.doFinal(text))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the challenge of CRAM-MD5 is no base64", e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
