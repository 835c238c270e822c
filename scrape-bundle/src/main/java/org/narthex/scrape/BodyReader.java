package org.narthex.scrape;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.narthex.api.http.EagerHandler;

/** Takes the body of an answer as it comes, up to a limit. Its monitor guards the buffer until that is taken or abandoned. */
final class BodyReader implements BodySubscriber<BodyReader> {
    /** With no limit configured, a body that never ends must not take the whole heap. */
    private static final long SANE = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final long MAX_EXPECTED = 1 << 20;

    private final long limit;
    private final PageBuffers buffers;
    private final CompletableFuture<BodyReader> done = new CompletableFuture<>();
    private final int expected;
    private final String contentType;
    private final String encoding;
    /** Null before the first bytes, and when it is somebody else's. */
    private byte[] bytes;

    private int length;
    private boolean abandoned;
    private ScrapeException problem;
    private Flow.Subscription subscription;

    /**
     * @param limit the first size in bytes that is too large; 0 for none
     * @param head what comes before the body
     */
    BodyReader(long limit, HttpResponse.ResponseInfo head, PageBuffers buffers) {
        this.limit = limit == 0 ? SANE : Math.min(limit, SANE);
        this.buffers = buffers;
        // A target may say anything: what does not come must not cost.
        this.expected = (int) Math.max(4096, Math.min(number(header(head, "Content-Length")) + 1, MAX_EXPECTED));
        this.contentType = header(head, "Content-Type");
        this.encoding = header(head, "Content-Encoding").toLowerCase(Locale.ROOT);
    }

    private static String header(HttpResponse.ResponseInfo head, String name) {
        return EagerHandler.header(head, name).orElse("").trim();
    }

    private static long number(String digits) {
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** What the target says its page is; empty if it does not say. */
    String contentType() {
        return contentType;
    }

    @Override
    public CompletionStage<BodyReader> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription s) {
        subscription = s;
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> received) {
        boolean goesOn;
        synchronized (this) {
            goesOn = !abandoned && problem == null && append(received);
        }
        if (!goesOn) {
            subscription.cancel();
            done.complete(this);
        }
    }

    private boolean append(List<ByteBuffer> received) {
        try {
            for (ByteBuffer buffer : received) {
                int more = buffer.remaining();
                if ((long) length + more >= limit) {
                    throw exceeded();
                }
                if (bytes == null) {
                    bytes = buffers.take(Math.max(expected, more + 1));
                } else if (length + more >= bytes.length) {
                    bytes = buffers.grow(bytes, length, Math.max(length + more + 1, bytes.length + 1));
                }
                buffer.get(bytes, length, more);
                length += more;
            }
            return true;
        } catch (ScrapeException e) {
            problem = e;
            return false;
        }
    }

    @Override
    public void onError(Throwable error) {
        abandon();
        done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        done.complete(this);
    }

    /** Nobody wants what comes; the buffer is let go of at once, even if bytes still arrive. */
    synchronized void abandon() {
        abandoned = true;
        if (bytes != null) {
            buffers.forget(bytes);
            bytes = null;
        }
    }

    /**
     * Takes what came, unpacked if it is {@code gzip} or {@code zstd}; anything else is left as it is.
     *
     * @param format of the page
     */
    synchronized Page take(ContentType.Format format, Unpacker unpacker) throws ScrapeException {
        if (problem != null) {
            throw problem;
        }
        abandoned = true;
        byte[] came = bytes == null ? buffers.take(1) : bytes;
        bytes = null;
        boolean gzip = encoding.equals("gzip");
        if (!gzip && !encoding.equals("zstd")) {
            return new Page(buffers, came, length, format);
        }
        try {
            byte[] page = unpacker.unpack(came, length, gzip, limit);
            return new Page(buffers, page, unpacker.length(), format);
        } finally {
            buffers.giveBack(came);
        }
    }

    static ScrapeException exceeded() {
        return new ScrapeException(ScrapeException.Limit.BODY_SIZE, "body size limit exceeded");
    }
}
