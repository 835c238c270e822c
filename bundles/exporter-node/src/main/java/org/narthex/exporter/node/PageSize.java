package org.narthex.exporter.node;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The size of a page of memory, in bytes: the kernel tells each process at its start. */
final class PageSize {
    private static final long KEY = 6;
    private static final long USUAL = 4096;
    private static final int MAX_BYTES = 4096;

    private PageSize() {}

    static long read() {
        return read("/proc/self/auxv");
    }

    static long read(String file) {
        try (InputStream in = new FileInputStream(file)) {
            ByteBuffer vector = ByteBuffer.wrap(in.readNBytes(MAX_BYTES)).order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                long key = vector.getLong();
                long value = vector.getLong();
                if (key == KEY) {
                    return value;
                }
            }
        } catch (IOException e) {
            // Not on Linux; then there are no pages to count either.
            return USUAL;
        }
        return USUAL;
    }
}
