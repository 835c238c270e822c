package org.narthex.http.client.plain;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.narthex.api.http.EagerHandler;

/** One request and its answer. Used by the thread of {@link Connections} alone, but for the future. */
final class Exchange<T> implements AnswerReader.Sink, Flow.Subscription {
    private final HttpRequest request;
    private final Endpoint endpoint;
    private final EagerHandler<T> handler;
    private final CompletableFuture<HttpResponse<T>> future;
    private BodySubscriber<T> subscriber;
    private int status;
    private HttpHeaders headers;
    private Connection connection;
    private boolean unwanted;
    private boolean over;

    Exchange(
            HttpRequest request,
            Endpoint endpoint,
            EagerHandler<T> handler,
            CompletableFuture<HttpResponse<T>> future) {
        this.request = request;
        this.endpoint = endpoint;
        this.handler = handler;
        this.future = future;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    HttpRequest request() {
        return request;
    }

    /** The connection it is on, or null. */
    Connection connection() {
        return connection;
    }

    void connection(Connection current) {
        connection = current;
    }

    AnswerReader newReader() {
        return new AnswerReader(!request.method().equals("HEAD"), this);
    }

    /** Whether nobody waits for more of the answer. */
    boolean isOver() {
        return over || unwanted || future.isDone();
    }

    @Override
    public void head(int answered, HttpHeaders answerHeaders) {
        status = answered;
        headers = answerHeaders;
        subscriber = handler.apply(new HttpResponse.ResponseInfo() {
            @Override
            public int statusCode() {
                return answered;
            }

            @Override
            public HttpHeaders headers() {
                return answerHeaders;
            }

            @Override
            public HttpClient.Version version() {
                return HttpClient.Version.HTTP_1_1;
            }
        });
        subscriber.onSubscribe(this);
    }

    @Override
    public void body(ByteBuffer part) {
        if (!isOver()) {
            subscriber.onNext(List.of(part));
        }
        part.position(part.limit());
    }

    @Override
    public void request(long more) {
        // Eager subscribers want everything.
    }

    @Override
    public void cancel() {
        unwanted = true;
        deliver();
    }

    /** The answer has come in full. */
    void complete() {
        if (!over && !unwanted) {
            over = true;
            subscriber.onComplete();
            deliver();
        }
    }

    private void deliver() {
        CompletionStage<?> unused = subscriber.getBody().whenComplete((body, error) -> {
            if (error != null) {
                future.completeExceptionally(error);
            } else {
                future.complete(new Answer<>(request, status, headers, body));
            }
        });
    }

    void fail(Throwable reason) {
        if (over) {
            return;
        }
        over = true;
        if (subscriber != null && !unwanted) {
            subscriber.onError(reason);
        }
        future.completeExceptionally(reason);
    }
}
