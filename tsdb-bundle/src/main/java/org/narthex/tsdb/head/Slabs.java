package org.narthex.tsdb.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.narthex.tsdb.chunk.XorChunk;

/**
 * A pool of blocks of 64 bytes, cut from slabs: 60 bytes of chunk, then the number of the next block of the chunk, 0 for none. A chunk grows by
 * linking blocks and is never copied. Block 0 is never handed out. Written under the head's lock; blocks of samples that were visible to a
 * reader when its view was taken may be read without it.
 */
final class Slabs {
    static final int BLOCK = 64;
    static final int PAYLOAD = 60;
    static final int PAYLOAD_BITS = PAYLOAD * 8;
    private static final int BLOCKS_PER_SLAB_BITS = 12;
    private static final int BLOCKS_PER_SLAB = 1 << BLOCKS_PER_SLAB_BITS;

    private static final VarHandle NEXT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    /** Replaced, never changed, when it grows. */
    private volatile byte[][] slabs = new byte[0][];

    private int unused = 1;
    private int end;
    private int firstFree;
    private int free;

    /** An empty block. */
    int allocate() {
        if (firstFree != 0) {
            int block = firstFree;
            firstFree = next(block);
            free--;
            Arrays.fill(slab(block), offset(block), offset(block) + BLOCK, (byte) 0);
            return block;
        }
        if (unused >= end) {
            byte[][] more = Arrays.copyOf(slabs, slabs.length + 1);
            more[slabs.length] = new byte[BLOCKS_PER_SLAB * BLOCK];
            slabs = more;
            end = more.length << BLOCKS_PER_SLAB_BITS;
        }
        return unused++;
    }

    /** Takes back a chunk's blocks. */
    void free(int firstBlock) {
        int last = firstBlock;
        int count = 1;
        for (int next = next(last); next != 0; next = next(last)) {
            last = next;
            count++;
        }
        link(last, firstFree);
        firstFree = firstBlock;
        free += count;
    }

    byte[] slab(int block) {
        return slabs[block >>> BLOCKS_PER_SLAB_BITS];
    }

    static int offset(int block) {
        return (block & (BLOCKS_PER_SLAB - 1)) * BLOCK;
    }

    int next(int block) {
        return (int) NEXT.get(slab(block), offset(block) + PAYLOAD);
    }

    void link(int block, int next) {
        NEXT.set(slab(block), offset(block) + PAYLOAD, next);
    }

    /** How many blocks a chunk has. */
    int count(int firstBlock) {
        int count = 1;
        for (int block = next(firstBlock); block != 0; block = next(block)) {
            count++;
        }
        return count;
    }

    /**
     * Copies a chunk's blocks to one array, from {@code at} on.
     *
     * @return the given array, or a longer one; {@link XorChunk#padded} for decoding
     */
    byte[] copy(int firstBlock, byte[] into, int at) {
        byte[] target = XorChunk.padded(into, at + count(firstBlock) * PAYLOAD);
        int position = at;
        for (int block = firstBlock; block != 0 && position + PAYLOAD <= target.length; block = next(block)) {
            System.arraycopy(slab(block), offset(block), target, position, PAYLOAD);
            position += PAYLOAD;
        }
        return target;
    }

    /** Bytes held, used or not. */
    long bytes() {
        return (long) slabs.length * BLOCKS_PER_SLAB * BLOCK;
    }

    int freeBlocks() {
        return free + end - unused;
    }
}
