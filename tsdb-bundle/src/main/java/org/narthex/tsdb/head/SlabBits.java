package org.narthex.tsdb.head;

import org.narthex.tsdb.chunk.BitSink;

/** Writes bits at the end of a chunk in the slabs, adding blocks as it goes. Moved from chunk to chunk; guarded by the head's lock. */
final class SlabBits implements BitSink {
    private final Slabs slabs;
    private int block;
    /** 0 to {@link Slabs#PAYLOAD_BITS}, within the block. */
    private int bit;

    private byte[] slab;
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
        int left = count;
        while (left > 0) {
            if (bit == Slabs.PAYLOAD_BITS) {
                int next = slabs.allocate();
                slabs.link(block, next);
                moveTo(next, 0);
            }
            int free = 8 - (bit & 7);
            int take = Math.min(free, left);
            int part = (int) (value >>> (left - take)) & ((1 << take) - 1);
            slab[base + (bit >>> 3)] |= (byte) (part << (free - take));
            bit += take;
            left -= take;
        }
    }
}
