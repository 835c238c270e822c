package org.narthex.api.http;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to call out by HTTP: Prometheus' HTTP client keys. At most one of {@code basicAuth}, {@code authorization} and {@code oauth2} is present.
 * Secrets are never printed.
 *
 * @param headers extra request headers, each with its values
 * @param aws present: requests are signed for one of Amazon's services
 */
public record HttpClientConfig(
        Optional<BasicAuth> basicAuth,
        Optional<Authorization> authorization,
        Optional<OAuth2> oauth2,
        Tls tls,
        boolean followRedirects,
        boolean enableHttp2,
        Proxy proxy,
        Map<String, List<Secret>> headers,
        Optional<AwsSigning> aws) {
    public static final HttpClientConfig DEFAULT = new HttpClientConfig(
            Optional.empty(), Optional.empty(), Optional.empty(), Tls.DEFAULT, true, true, Proxy.NONE, Map.of());

    public HttpClientConfig {
        if ((basicAuth.isPresent() ? 1 : 0) + (authorization.isPresent() ? 1 : 0) + (oauth2.isPresent() ? 1 : 0) > 1) {
            throw new IllegalArgumentException("at most one of basic_auth, oauth2 & authorization must be configured");
        }
        headers = Map.copyOf(headers);
    }

    /** Without signatures. */
    public HttpClientConfig(
            Optional<BasicAuth> basicAuth,
            Optional<Authorization> authorization,
            Optional<OAuth2> oauth2,
            Tls tls,
            boolean followRedirects,
            boolean enableHttp2,
            Proxy proxy,
            Map<String, List<Secret>> headers) {
        this(basicAuth, authorization, oauth2, tls, followRedirects, enableHttp2, proxy, headers, Optional.empty());
    }

    /** The same with requests signed. */
    public HttpClientConfig withAws(AwsSigning signing) {
        return new HttpClientConfig(
                basicAuth,
                authorization,
                oauth2,
                tls,
                followRedirects,
                enableHttp2,
                proxy,
                headers,
                Optional.of(signing));
    }

    /** The same with other credentials. */
    public HttpClientConfig withAuthorization(Authorization other) {
        return new HttpClientConfig(
                Optional.empty(),
                Optional.of(other),
                Optional.empty(),
                tls,
                followRedirects,
                enableHttp2,
                proxy,
                headers,
                aws);
    }

    /** The same with other settings of TLS. */
    public HttpClientConfig withTls(Tls other) {
        return new HttpClientConfig(
                basicAuth, authorization, oauth2, other, followRedirects, enableHttp2, proxy, headers, aws);
    }

    /** Something given in place or by a file that is read again for each use. */
    public record Secret(String text, Optional<Path> file, Optional<String> reference) {
        public static Secret of(String text) {
            return new Secret(text, Optional.empty(), Optional.empty());
        }

        public static Secret in(Path file) {
            return new Secret("", Optional.of(file), Optional.empty());
        }

        /** One that a manager of secrets is to be asked for. */
        public static Secret referenced(String name) {
            return new Secret("", Optional.empty(), Optional.of(name));
        }

        @Override
        public String toString() {
            return "<secret>";
        }
    }

    /** User name and password. */
    public record BasicAuth(Secret username, Secret password) {}

    /** An {@code Authorization} header of the given type, usually {@code Bearer}. */
    public record Authorization(String type, Secret credentials) {}

    /**
     * Signing requests by AWS' Signature Version 4.
     *
     * @param service the name of the service that is called, as signatures have it
     * @param region empty for that of the environment
     * @param accessKey empty for that of the environment or, if there is none, of the profile
     * @param profile of the file of credentials; empty for that of the environment
     * @param roleArn a role that is taken on with the keys; empty for none
     * @param externalId what the role's owner wants to hear; empty for nothing
     * @param fipsEndpoint whether the role is asked for at an address that follows FIPS
     */
    public record AwsSigning(
            String service,
            String region,
            String accessKey,
            Secret secretKey,
            String profile,
            String roleArn,
            String externalId,
            boolean fipsEndpoint) {}

    /**
     * Fetching access tokens, by the client's secret or by an assertion it signs (RFC 7523).
     *
     * @param assertion present for the grant type {@code urn:ietf:params:oauth:grant-type:jwt-bearer}
     * @param endpointParams further parameters of the token request
     * @param tls for the token request
     * @param proxy for the token request
     */
    public record OAuth2(
            String clientId,
            Secret clientSecret,
            Optional<Assertion> assertion,
            List<String> scopes,
            String tokenUrl,
            Map<String, String> endpointParams,
            Tls tls,
            Proxy proxy) {
        public OAuth2 {
            scopes = List.copyOf(scopes);
            endpointParams = Collections.unmodifiableMap(new LinkedHashMap<>(endpointParams));
        }
    }

    /**
     * A JSON Web Token signed by the client's own key.
     *
     * @param key PEM of an RSA key
     * @param algorithm {@code RS256}, {@code RS384} or {@code RS512}
     * @param issuer the client's id where none is given
     * @param audience the token URL where none is given
     * @param claims further claims, each as JSON
     */
    public record Assertion(
            Secret key, String keyId, String algorithm, String issuer, String audience, Map<String, String> claims) {
        public Assertion {
            claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        }
    }

    /**
     * The way through a proxy.
     *
     * @param url empty for none
     * @param noProxy hosts reached directly, as in the environment variable {@code NO_PROXY}
     * @param fromEnvironment whether {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY} say it
     * @param connectHeaders sent to the proxy with {@code CONNECT}
     */
    public record Proxy(String url, String noProxy, boolean fromEnvironment, Map<String, List<Secret>> connectHeaders) {
        /** Straight to the server. */
        public static final Proxy NONE = new Proxy("", "", false, Map.of());

        public Proxy {
            connectHeaders = Map.copyOf(connectHeaders);
        }

        /** Everything through this proxy. */
        public static Proxy of(String url) {
            return new Proxy(url, "", false, Map.of());
        }
    }

    /**
     * Settings of TLS. Certificates and keys are PEM, in place or in files; absent ones mean the JVM's own.
     *
     * @param serverName the name to expect in the certificate; empty for that of the URL
     * @param minVersion {@code TLS10} to {@code TLS13}; empty for {@code TLS12}
     * @param maxVersion the same; empty for the newest there is
     */
    public record Tls(
            Optional<Secret> ca,
            Optional<Secret> cert,
            Optional<Secret> key,
            String serverName,
            boolean insecureSkipVerify,
            String minVersion,
            String maxVersion) {
        public static final Tls DEFAULT =
                new Tls(Optional.empty(), Optional.empty(), Optional.empty(), "", false, "", "");
    }
}
