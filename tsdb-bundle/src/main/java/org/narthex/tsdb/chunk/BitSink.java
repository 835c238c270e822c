package org.narthex.tsdb.chunk;

/** Takes bits, the most significant first. */
@FunctionalInterface
public interface BitSink {
    /** @param count how many of the low bits of {@code value} to write, 1 to 64 */
    void bits(long value, int count);
}
