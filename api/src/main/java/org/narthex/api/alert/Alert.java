package org.narthex.api.alert;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.narthex.api.model.Labels;

/**
 * One alert as channels see it.
 *
 * @param labels what identifies it, with {@code alertname}
 * @param annotations for people
 * @param startsAtMs since when it fires, in milliseconds since the epoch
 * @param endsAtMs when it was resolved; 0 while it fires
 * @param generatorUrl the query behind it
 */
public record Alert(Labels labels, Labels annotations, long startsAtMs, long endsAtMs, String generatorUrl) {
    private static final long PRIME = 0x100000001b3L;

    public boolean isResolved() {
        return endsAtMs != 0;
    }

    /** Sixteen hexadecimal digits of the 64-bit FNV-1a hash of the sorted labels, as Alertmanager computes it. */
    public String fingerprint() {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < labels.size(); i++) {
            hash = fnv(hash, labels.name(i));
            hash = fnv(hash, labels.value(i));
        }
        return HexFormat.of().toHexDigits(hash);
    }

    private static long fnv(long hash, String text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return parted(utf8(hash, text));
            }
            h = (h ^ c) * PRIME;
        }
        return parted(h);
    }

    private static long utf8(long hash, String text) {
        long h = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * PRIME;
        }
        return h;
    }

    /** A byte that is in no UTF-8 text parts names from values. */
    private static long parted(long hash) {
        return (hash ^ 0xff) * PRIME;
    }
}
