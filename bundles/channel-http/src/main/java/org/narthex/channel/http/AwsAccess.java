package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/**
 * Who we are to AWS: the keys of {@code sigv4}, else those of the environment, else those of the profile in {@code ~/.aws/credentials}.
 *
 * @param role to be assumed with these keys; empty for none
 */
record AwsAccess(String region, Keys keys, String role, String externalId, boolean fips) {
    /** @param sessionToken empty for keys that last */
    record Keys(String accessKey, String secretKey, String sessionToken) {
        @Override
        public String toString() {
            return accessKey + " <secret>";
        }
    }

    static AwsAccess of(ConfigNode sigv4, Function<String, String> environment) throws ConfigException, IOException {
        Environment env = name -> {
            String value = environment.apply(name);
            return value == null ? "" : value;
        };
        String profile = sigv4.string("profile", env.get("AWS_PROFILE"));
        Keys keys;
        if (!sigv4.string("access_key", "").isEmpty()) {
            keys = new Keys(sigv4.string("access_key", ""), sigv4.string("secret_key", ""), "");
        } else if (profile.isEmpty() && !env.get("AWS_ACCESS_KEY_ID").isEmpty()) {
            keys = new Keys(
                    env.get("AWS_ACCESS_KEY_ID"), env.get("AWS_SECRET_ACCESS_KEY"), env.get("AWS_SESSION_TOKEN"));
        } else {
            keys = ofProfile(profile.isEmpty() ? "default" : profile, env, sigv4);
        }
        String region = sigv4.string("region", env.get("AWS_REGION"));
        region = region.isEmpty() ? env.get("AWS_DEFAULT_REGION") : region;
        if (region.isEmpty()) {
            throw sigv4.error("region not configured in sigv4 or in default credentials chain");
        }
        return new AwsAccess(
                region,
                keys,
                sigv4.string("role_arn", ""),
                sigv4.string("external_id", ""),
                sigv4.bool("use_fips_sts_endpoint", false));
    }

    @FunctionalInterface
    private interface Environment {
        String get(String name);
    }

    private static Keys ofProfile(String profile, Environment env, ConfigNode sigv4)
            throws ConfigException, IOException {
        String named = env.get("AWS_SHARED_CREDENTIALS_FILE");
        Path file = named.isEmpty() ? Path.of(env.get("HOME"), ".aws", "credentials") : Path.of(named);
        if (!Files.exists(file)) {
            throw sigv4.error("no access keys: neither here, nor in the environment, nor in " + file);
        }
        Map<String, String> found = new LinkedHashMap<>();
        String section = "";
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            int equals = text.indexOf('=');
            if (text.startsWith("[") && text.endsWith("]")) {
                section = text.substring(1, text.length() - 1).strip();
            } else if (section.equals(profile) && equals > 0) {
                found.put(
                        text.substring(0, equals).strip(),
                        text.substring(equals + 1).strip());
            }
        }
        if (!found.containsKey("aws_access_key_id")) {
            throw sigv4.error("there is no profile " + profile + " with keys in " + file);
        }
        return new Keys(
                found.get("aws_access_key_id"),
                found.getOrDefault("aws_secret_access_key", ""),
                found.getOrDefault("aws_session_token", ""));
    }

    boolean isRole() {
        return !role.isEmpty();
    }

    Call assumeRole() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", "AssumeRole");
        form.put("Version", "2011-06-15");
        form.put("RoleArn", role);
        form.put("RoleSessionName", "narthex");
        if (!externalId.isEmpty()) {
            form.put("ExternalId", externalId);
        }
        return Call.form(URI.create("https://sts" + (fips ? "-fips." : ".") + region + ".amazonaws.com/"), form);
    }

    /** Those in the answer to {@link #assumeRole}, which is XML of a fixed form. */
    static Keys keysIn(String xml) throws IOException {
        return new Keys(element(xml, "AccessKeyId"), element(xml, "SecretAccessKey"), element(xml, "SessionToken"));
    }

    private static String element(String xml, String name) throws IOException {
        Matcher found = Pattern.compile("<" + name + ">([^<]*)</").matcher(xml);
        if (!found.find()) {
            throw new IOException("the answer to AssumeRole has no " + name);
        }
        return found.group(1);
    }
}
