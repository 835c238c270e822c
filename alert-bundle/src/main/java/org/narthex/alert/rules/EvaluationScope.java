package org.narthex.alert.rules;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryEngine;

/** What the rules of one evaluation share. */
record EvaluationScope(QueryEngine engine, Labels externalLabels, String externalUrl) {}
