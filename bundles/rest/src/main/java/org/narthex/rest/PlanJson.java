package org.narthex.rest;

import java.io.IOException;

import org.narthex.api.query.PlanNode;

/** Plans as trees of JSON objects. */
final class PlanJson {
    private PlanJson() {}

    /** @param withCosts whether it was carried out, so that it has some */
    static void write(JsonBytes json, PlanNode node, boolean withCosts) throws IOException {
        json.ascii("{\"expression\":");
        json.string(node.expression());
        json.ascii(",\"kind\":");
        json.string(node.kind());
        number(json, "position", node.position());
        if (withCosts) {
            json.ascii(",\"seconds\":");
            json.ascii(Double.toString(node.nanos() / 1e9));
            number(json, "series", node.series());
            number(json, "samples", node.samples());
            number(json, "bytes", node.bytes());
            number(json, "uses", node.uses());
        }
        json.ascii(",\"parts\":[");
        boolean first = true;
        for (PlanNode part : node.parts()) {
            if (!first) {
                json.ascii(',');
            }
            first = false;
            write(json, part, withCosts);
        }
        json.ascii("]}");
    }

    private static void number(JsonBytes json, String key, long value) throws IOException {
        json.ascii(",\"" + key + "\":" + value);
    }
}
