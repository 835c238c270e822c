package org.narthex.tsdb.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.narthex.tsdb.chunk.BitSink;

/** Writes bits at the end of a chunk in the slabs, adding blocks as it goes. Moved from chunk to chunk; guarded by the head's lock. */
final class SlabBits implements BitSink {
    private static final VarHandle BE64 = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final Slabs slabs;
    private int block;
    /** 0 to {@link Slabs#PAYLOAD_BITS}, within the block. */
    private int bit;

    private ByteBuffer slab;
    private int base;

    SlabBits(Slabs slabs) {
        this.slabs = slabs;
    }

    void moveTo(int lastBlock, int bitInBlock) {
        block = lastBlock;
        bit = bitInBlock;
        slab = slabs.slab(lastBlock);
        base = Slabs.offset(lastBlock);
    }

    int block() {
        return block;
    }

    int bit() {
        return bit;
    }

    @Override
    public void bits(long value, int count) {
        int shift = bit & 7;
        if (shift + count <= 64 && bit + count <= Slabs.PAYLOAD_BITS) {
            or(value, shift, count);
        } else {
            split(value, count);
        }
    }

    /** Puts bits into the eight bytes from the present one on. What follows them there, the next block's number included, is written as it was. */
    private void or(long value, int shift, int count) {
        int at = base + (bit >>> 3);
        long masked = value << (64 - count) >>> shift;
        BE64.set(slab, at, (long) BE64.get(slab, at) | masked);
        bit += count;
    }

    private void split(long value, int count) {
        int left = count;
        while (left > 0) {
            if (bit == Slabs.PAYLOAD_BITS) {
                int next = slabs.allocate();
                slabs.link(block, next);
                moveTo(next, 0);
            }
            int shift = bit & 7;
            int take = Math.min(left, Math.min(64 - shift, Slabs.PAYLOAD_BITS - bit));
            or(value >>> (left - take), shift, take);
            left -= take;
        }
    }
}
