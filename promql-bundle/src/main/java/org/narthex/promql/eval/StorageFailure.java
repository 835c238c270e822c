package org.narthex.promql.eval;

import java.io.IOException;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.StorageNotReadyException;

/** What becomes of a query when the storage fails under it. */
public final class StorageFailure {
    private StorageFailure() {}

    /** A storage that is only starting or being replaced makes the query worth trying again. */
    public static QueryException of(IOException failure) {
        return new QueryException(
                failure instanceof StorageNotReadyException
                        ? QueryException.Kind.UNAVAILABLE
                        : QueryException.Kind.INTERNAL,
                failure.getMessage(),
                failure);
    }
}
