package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;

/** The evaluation of a part of an expression, to be done when its time has come. */
@FunctionalInterface
interface Evaluation {
    Value run() throws QueryException;
}
