package org.narthex.api.alert;

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
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        // A byte that is in no UTF-8 text parts names from values.
        return (h ^ 0xff) * 0x100000001b3L;
    }
}
