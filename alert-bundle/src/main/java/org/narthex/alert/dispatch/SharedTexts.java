package org.narthex.alert.dispatch;

import org.narthex.api.alert.Alert;
import org.narthex.api.model.Labels;

/**
 * Gives equal texts one place in memory. Alerts that come over the network, or from disk, bring a copy of each name and value of their own, and most
 * are the same in thousands of alerts. Keeps a bounded number of texts: one that comes up seldom gives way to others. Not thread-safe.
 */
final class SharedTexts {
    /** A power of two. */
    private static final int PLACES = 1 << 14;

    private final String[] places = new String[PLACES];

    Alert share(Alert alert) {
        return new Alert(
                share(alert.labels()),
                share(alert.annotations()),
                alert.startsAtMs(),
                alert.endsAtMs(),
                alert.generatorUrl());
    }

    Labels share(Labels labels) {
        if (labels.isEmpty()) {
            return Labels.EMPTY;
        }
        Labels.Builder shared = Labels.builder();
        for (int i = 0; i < labels.size(); i++) {
            shared.set(share(labels.name(i)), share(labels.value(i)));
        }
        return shared.build();
    }

    private String share(String text) {
        int hash = text.hashCode();
        int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
        String known = places[place];
        if (text.equals(known)) {
            return known;
        }
        places[place] = text;
        return text;
    }
}
