package org.narthex.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The bytes of a request, in an array that serves one request after the other. Not thread-safe. */
final class RequestBody {
    /** What the sender says about the length is believed up to here; beyond it memory follows what really comes. */
    private static final int TRUSTED = 1 << 20;

    private static final int MAX_KEPT_BYTES = 1 << 23;

    private byte[] bytes = new byte[1 << 16];
    private int length;

    /** Those that wait for their next request; a few, the rest is left to the garbage collector. */
    static final class Pool {
        private static final int MAX_IDLE = 16;

        private final Queue<RequestBody> idle = new ConcurrentLinkedQueue<>();
        private final AtomicInteger count = new AtomicInteger();

        RequestBody take() {
            RequestBody body = idle.poll();
            if (body == null) {
                return new RequestBody();
            }
            count.decrementAndGet();
            return body;
        }

        void giveBack(RequestBody body) {
            if (body.bytes.length <= MAX_KEPT_BYTES && count.incrementAndGet() <= MAX_IDLE) {
                idle.add(body);
            } else if (body.bytes.length <= MAX_KEPT_BYTES) {
                count.decrementAndGet();
            }
        }
    }

    /**
     * Reads everything.
     *
     * @param announced how many bytes the sender says there are, or -1
     * @param max the most bytes to accept
     * @return whether it is within that
     */
    boolean read(InputStream in, long announced, int max) throws IOException {
        length = 0;
        if (announced > max) {
            return false;
        }
        if (announced > bytes.length) {
            bytes = new byte[(int) Math.min(announced, TRUSTED)];
        }
        while (length != announced) {
            if (length == bytes.length) {
                if (length > max) {
                    return false;
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(max + 1L, length * 2L));
            }
            int n = in.read(bytes, length, bytes.length - length);
            if (n < 0) {
                break;
            }
            length += n;
        }
        return length <= max;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
