package org.narthex.http.client.plain;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;

import org.narthex.api.http.EagerHandler;

/**
 * One request and its answer, and the future of it. Used by one thread at a time: by the one that sends, then by the thread of {@link Connections} alone. As a
 * future it may be used by all.
 */
final class Exchange<T> extends CompletableFuture<HttpResponse<T>>
        implements AnswerReader.Sink, Flow.Subscription, BiConsumer<T, Throwable> {
    private final Request request;
    private final EagerHandler<T> handler;
    private final Connection.Owner owner;
    private BodySubscriber<T> subscriber;
    private Head head;
    private volatile Connection connection;
    private boolean unwanted;
    private boolean over;

    /** @param owner of the connections it may get on */
    Exchange(Request request, EagerHandler<T> handler, Connection.Owner owner) {
        this.request = request;
        this.handler = handler;
        this.owner = owner;
    }

    Request request() {
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
        return new AnswerReader(!request.source().method().equals("HEAD"), this);
    }

    /** Whether nobody waits for more of the answer. */
    boolean isOver() {
        return over || unwanted || isDone();
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean canceled = super.cancel(mayInterrupt);
        if (canceled) {
            owner.canceled(this);
        }
        return canceled;
    }

    @Override
    public void head(Head answered) {
        head = answered;
        subscriber = handler.apply(answered);
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
    void end() {
        if (over || unwanted) {
            return;
        }
        over = true;
        try {
            subscriber.onComplete();
            deliver();
        } catch (RuntimeException | LinkageError e) {
            completeExceptionally(e);
        }
    }

    private void deliver() {
        CompletionStage<?> unused = subscriber.getBody().whenComplete(this);
    }

    @Override
    public void accept(T body, Throwable error) {
        if (error != null) {
            completeExceptionally(error);
        } else {
            complete(new Answer<>(request.source(), head, body));
        }
    }

    void fail(Throwable reason) {
        if (over) {
            return;
        }
        over = true;
        try {
            if (subscriber != null && !unwanted) {
                subscriber.onError(reason);
            }
        } catch (RuntimeException | LinkageError e) {
            reason.addSuppressed(e);
        } finally {
            completeExceptionally(reason);
        }
    }
}
