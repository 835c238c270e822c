package org.narthex.http.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import org.narthex.http.client.aws.AwsAccess;

/** Signs each request, its body included, as Amazon's services want it. */
final class SigningClient extends PreparingClient {
    private final AwsAccess access;

    SigningClient(HttpClient transport, AwsAccess access) {
        super(transport);
        this.access = access;
    }

    @Override
    CompletableFuture<HttpRequest> prepared(HttpRequest request) {
        return body(request).thenCompose(bytes -> access.sign(request, bytes)).thenApply(headers -> {
            HttpRequest.Builder signed = copy(request);
            headers.forEach(signed::setHeader);
            return signed.build();
        });
    }

    private static CompletableFuture<byte[]> body(HttpRequest request) {
        if (request.bodyPublisher().isEmpty()) {
            return CompletableFuture.completedFuture(new byte[0]);
        }
        Collector collector = new Collector();
        request.bodyPublisher().get().subscribe(collector);
        return collector.done;
    }

    /** Takes a whole body. */
    private static final class Collector implements Flow.Subscriber<ByteBuffer> {
        private final CompletableFuture<byte[]> done = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void onError(Throwable error) {
            done.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            done.complete(bytes.toByteArray());
        }
    }
}
