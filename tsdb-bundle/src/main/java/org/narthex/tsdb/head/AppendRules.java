package org.narthex.tsdb.head;

/**
 * What decides about samples of one batch, as of its beginning; times in milliseconds since the epoch, inclusive.
 *
 * @param minValidMs older samples cannot be taken in order
 * @param maxValidMs newer ones are too far in the future
 * @param headMaxMs the newest sample of the head; {@link Long#MIN_VALUE} if there is none
 * @param outOfOrderWindowMs how far behind that samples are taken out of order; 0 for not at all
 * @param maxSeries series beyond that many are refused
 */
record AppendRules(long minValidMs, long maxValidMs, long headMaxMs, long outOfOrderWindowMs, long maxSeries) {}
