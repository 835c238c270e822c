package org.narthex.discovery.cloud.ec2;

/**
 * Keys for signing.
 *
 * @param token of the session; empty for keys that last
 * @param endsAtMs when they end, in milliseconds since the epoch
 */
record Credentials(String accessKey, String secretKey, String token, long endsAtMs) {
    static Credentials lasting(String accessKey, String secretKey, String token) {
        return new Credentials(accessKey, secretKey, token, Long.MAX_VALUE);
    }

    @Override
    public String toString() {
        return "credentials of " + accessKey;
    }
}
