package org.narthex.http.client.aws;

/**
 * What requests are signed with.
 *
 * @param token that of a session; empty for keys that last
 * @param endsAtMs when they are good for nothing any more, in milliseconds since the epoch
 */
record AwsKeys(String id, String secret, String token, long endsAtMs) {
    @Override
    public String toString() {
        return id + " <secret>";
    }
}
