package org.narthex.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.query.PlanNode;

/** Plans as trees of JSON objects. */
final class PlanJson {
    private PlanJson() {}

    /** Without costs, of which a plan that was not carried out has none. */
    static Map<String, Object> of(PlanNode node) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("expression", node.expression());
        json.put("kind", node.kind());
        json.put("position", node.position());
        List<Object> parts = new ArrayList<>();
        for (PlanNode part : node.parts()) {
            parts.add(of(part));
        }
        json.put("parts", parts);
        return json;
    }

    static void write(JsonBytes json, PlanNode node) throws IOException {
        json.ascii("{\"expression\":");
        json.string(node.expression());
        json.ascii(",\"kind\":");
        json.string(node.kind());
        number(json, "position", node.position());
        json.ascii(",\"seconds\":");
        json.ascii(Double.toString(node.nanos() / 1e9));
        number(json, "series", node.series());
        number(json, "samples", node.samples());
        number(json, "bytes", node.bytes());
        number(json, "uses", node.uses());
        json.ascii(",\"parts\":[");
        boolean first = true;
        for (PlanNode part : node.parts()) {
            if (!first) {
                json.ascii(',');
            }
            first = false;
            write(json, part);
        }
        json.ascii("]}");
    }

    private static void number(JsonBytes json, String key, long value) throws IOException {
        json.ascii(",\"" + key + "\":" + value);
    }
}
