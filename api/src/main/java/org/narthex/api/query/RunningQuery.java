package org.narthex.api.query;

/**
 * A query that is being evaluated or waits for its turn.
 *
 * @param id names it in {@link QueryEngine#cancel}
 * @param beganMs when it was asked, in milliseconds since the epoch
 * @param waiting whether it waits for its turn
 * @param samples samples looked at so far
 * @param bytes about how much memory it takes at present
 */
public record RunningQuery(long id, QueryRequest request, long beganMs, boolean waiting, long samples, long bytes) {}
