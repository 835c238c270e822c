package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Buffers for answers. Shared by requests, not kept by threads: those of the server outlive this bundle. Thread-safe. */
final class JsonBuffers {
    private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(16);

    /** Has the answer write itself. */
    void write(StreamedAnswer answer, OutputStream out) throws IOException {
        byte[] buffer = buffers.poll();
        if (buffer == null) {
            buffer = new byte[JsonBytes.BUFFER_BYTES];
        }
        try {
            JsonBytes json = new JsonBytes(buffer, out);
            answer.write(json);
            json.flush();
        } finally {
            // When all places are taken the buffer is left to the garbage collector.
            if (!buffers.offer(buffer)) {
                buffer = null;
            }
        }
    }
}
