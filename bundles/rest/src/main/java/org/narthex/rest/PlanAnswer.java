package org.narthex.rest;

import java.io.IOException;

import org.narthex.api.query.PlanNode;

/** The plan of a query that was not carried out. */
record PlanAnswer(PlanNode plan) implements StreamedAnswer {
    @Override
    public void write(JsonBytes json) throws IOException {
        json.ascii("{\"status\":\"success\",\"data\":{\"plan\":");
        PlanJson.write(json, plan, false);
        json.ascii("}}");
    }
}
