package org.narthex.tsdb.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.narthex.tsdb.chunk.XorChunk;

/**
 * A pool of blocks of 64 bytes, cut from slabs outside of the Java heap, which the garbage collector neither moves nor counts: 60 bytes of chunk,
 * then the number of the next block of the chunk, 0 for none. A chunk grows by linking blocks and is never copied. Block 0 is never handed out.
 * Written under the head's lock; blocks of samples that were visible to a reader when its view was taken may be read without it.
 */
final class Slabs {
    static final int BLOCK = 64;
    static final int PAYLOAD = 60;
    static final int PAYLOAD_BITS = PAYLOAD * 8;
    private static final int BLOCKS_PER_SLAB_BITS = 13;
    private static final int BLOCKS_PER_SLAB = 1 << BLOCKS_PER_SLAB_BITS;
    /** Bits are written eight bytes at a time, from the last byte of a block on too. */
    private static final int SLACK = 8;

    private static final VarHandle NEXT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final byte[] EMPTY_BLOCK = new byte[BLOCK];

    /** Replaced, never changed, when it grows. */
    private volatile ByteBuffer[] slabs = new ByteBuffer[0];

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
            slab(block).put(offset(block), EMPTY_BLOCK);
            return block;
        }
        if (unused >= end) {
            ByteBuffer[] more = Arrays.copyOf(slabs, slabs.length + 1);
            more[slabs.length] = ByteBuffer.allocateDirect(BLOCKS_PER_SLAB * BLOCK + SLACK);
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

    ByteBuffer slab(int block) {
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
        byte[] target = XorChunk.padded(into, 0);
        int position = at;
        for (int block = firstBlock; block != 0; block = next(block)) {
            if (position + PAYLOAD > XorChunk.end(target)) {
                target = Arrays.copyOf(target, 2 * target.length);
            }
            slab(block).get(offset(block), target, position, PAYLOAD);
            position += PAYLOAD;
        }
        return target;
    }

    /** Bytes held outside of the heap, used or not. */
    long bytes() {
        return (long) slabs.length * BLOCKS_PER_SLAB * BLOCK;
    }

    int freeBlocks() {
        return free + end - unused;
    }
}
