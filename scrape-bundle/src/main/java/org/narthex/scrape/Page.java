package org.narthex.scrape;

/** What a target sent, unpacked. Whoever has it closes it, once. */
final class Page implements AutoCloseable {
    private final PageBuffers buffers;
    private final byte[] bytes;
    private final int length;
    private final ContentType.Format format;

    Page(PageBuffers buffers, byte[] bytes, int length, ContentType.Format format) {
        this.buffers = buffers;
        this.bytes = bytes;
        this.length = length;
        this.format = format;
    }

    /** The page, with room for one byte more than {@link #length}. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    ContentType.Format format() {
        return format;
    }

    @Override
    public void close() {
        buffers.giveBack(bytes);
    }
}
