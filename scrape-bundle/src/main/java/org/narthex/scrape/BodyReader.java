package org.narthex.scrape;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.zip.GZIPInputStream;

import io.airlift.compress.zstd.ZstdInputStream;

/** Takes the body of a page as it comes, up to a limit, and unpacks it. */
final class BodyReader implements BodySubscriber<BodyReader> {
    /** With no limit configured, a body that never ends must not take the whole heap. */
    private static final long SANE = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final long MAX_EXPECTED = 1 << 20;

    private final long limit;
    private final CompletableFuture<BodyReader> done = new CompletableFuture<>();
    private byte[] bytes;
    private int length;
    private boolean tooLarge;
    private Flow.Subscription subscription;

    /**
     * @param limit the first size in bytes that is too large; 0 for none
     * @param expected how many bytes the target says it sends; 0 if it does not say
     */
    BodyReader(long limit, long expected) {
        this.limit = limit == 0 ? SANE : Math.min(limit, SANE);
        // A target may say anything: what does not come must not cost.
        bytes = new byte[(int) Math.max(4096, Math.min(expected + 1, MAX_EXPECTED))];
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
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int more = buffer.remaining();
            if (tooLarge || (long) length + more >= limit) {
                tooLarge = true;
                subscription.cancel();
                done.complete(this);
                return;
            }
            ensure(length + more + 1);
            buffer.get(bytes, length, more);
            length += more;
        }
    }

    private void ensure(int capacity) {
        if (capacity > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(capacity, bytes.length + (bytes.length >> 1)));
        }
    }

    @Override
    public void onError(Throwable error) {
        done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        done.complete(this);
    }

    /**
     * Unpacks what came; afterwards {@link #bytes} is the page itself, with room for one byte more.
     *
     * @param encoding {@code gzip} or {@code zstd}; anything else is left as it is
     */
    void finish(String encoding) throws ScrapeException {
        if (tooLarge) {
            throw exceeded();
        }
        if (encoding.equals("gzip") || encoding.equals("zstd")) {
            unpack(encoding);
        }
        ensure(length + 1);
    }

    private void unpack(String encoding) throws ScrapeException {
        InputStream packed = new ByteArrayInputStream(bytes, 0, length);
        try (InputStream in =
                encoding.equals("gzip") ? new GZIPInputStream(packed, 8192) : new ZstdInputStream(packed)) {
            bytes = new byte[Math.max(1024, 8 * length)];
            length = 0;
            int n = in.read(bytes, 0, bytes.length);
            while (n >= 0) {
                length += n;
                if (length >= limit) {
                    throw exceeded();
                }
                ensure(length + 1024);
                n = in.read(bytes, length, bytes.length - length);
            }
        } catch (IOException | RuntimeException e) {
            // The reader of zstd says in many ways that its input is damaged.
            throw new ScrapeException("cannot unpack the body: " + e.getMessage());
        }
    }

    private static ScrapeException exceeded() {
        return new ScrapeException(ScrapeException.Limit.BODY_SIZE, "body size limit exceeded");
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
