package org.narthex.alert.external;

import java.time.Instant;
import java.util.List;

import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.model.Labels;

/** Writes alerts as version 2 of Alertmanager's API takes them. */
final class AlertsBody {
    private final StringBuilder out = new StringBuilder(1024);

    private AlertsBody() {}

    static String of(List<RaisedAlert> alerts) {
        AlertsBody body = new AlertsBody();
        body.out.append('[');
        for (RaisedAlert raised : alerts) {
            body.alert(raised);
        }
        return body.out.append(']').toString();
    }

    private void alert(RaisedAlert raised) {
        Alert alert = raised.alert();
        out.append(out.length() > 1 ? ",{" : "{");
        labels("annotations", alert.annotations());
        out.append(',');
        text("endsAt", time(alert.isResolved() ? alert.endsAtMs() : raised.validUntilMs()));
        out.append(',');
        text("startsAt", time(alert.startsAtMs()));
        out.append(',');
        text("generatorURL", alert.generatorUrl());
        out.append(',');
        labels("labels", alert.labels());
        out.append('}');
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    private void labels(String key, Labels labels) {
        quote(key);
        out.append(":{");
        for (int i = 0; i < labels.size(); i++) {
            out.append(i > 0 ? "," : "");
            text(labels.name(i), labels.value(i));
        }
        out.append('}');
    }

    private void text(String key, String value) {
        quote(key);
        out.append(':');
        quote(value);
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
