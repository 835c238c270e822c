package org.narthex.scrape;

import java.net.http.HttpResponse;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes answers of targets as pages. Thread-safe. */
final class Bodies {
    private final PageBuffers buffers;
    private final ConcurrentLinkedQueue<Unpacker> unpackers = new ConcurrentLinkedQueue<>();
    /** What was found out last: most targets send the same. */
    private volatile Known known = new Known("", "", ContentType.Format.TEXT);

    private record Known(String contentType, String fallback, ContentType.Format format) {}

    Bodies(PageBuffers buffers) {
        this.buffers = buffers;
    }

    /** @param limit the first size in bytes that is too large; 0 for none */
    BodyReader reader(long limit, HttpResponse.ResponseInfo info) {
        return new BodyReader(limit, info, buffers);
    }

    /** @param fallback the format of an answer that does not say its own; empty for none */
    Page page(HttpResponse<BodyReader> response, String fallback) throws ScrapeException {
        if (response.statusCode() != 200) {
            throw new ScrapeException("server returned HTTP status " + HttpStatus.text(response.statusCode()));
        }
        Unpacker unpacker = unpackers.poll();
        if (unpacker == null) {
            unpacker = new Unpacker(buffers);
        }
        try {
            BodyReader body = response.body();
            return body.take(format(body.contentType(), fallback), unpacker);
        } finally {
            unpackers.offer(unpacker);
        }
    }

    private ContentType.Format format(String contentType, String fallback) throws ScrapeException {
        Known last = known;
        if (contentType.isEmpty() || !contentType.equals(last.contentType()) || !fallback.equals(last.fallback())) {
            last = new Known(contentType, fallback, ContentType.of(contentType, fallback));
            known = last;
        }
        return last.format();
    }
}
