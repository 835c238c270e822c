package org.narthex.api.trace;

import org.osgi.annotation.versioning.ProviderType;

/** Something that takes time. Thread-safe; what is told after its end is lost. */
@ProviderType
public interface Span extends AutoCloseable {
    /** One of a trace that is not taken down. */
    Span NONE = new Span() {
        @Override
        public Span set(String key, String value) {
            return this;
        }

        @Override
        public Span set(String key, long value) {
            return this;
        }

        @Override
        public void fail(String reason) {}

        @Override
        public Scope enter() {
            return () -> {};
        }

        @Override
        public String traceparent() {
            return "";
        }

        @Override
        public void close() {}
    };

    /** Whose work it is. */
    enum Kind {
        /** This process', for itself. */
        INTERNAL,
        /** The answer to a request. */
        SERVER,
        /** A request to somebody else. */
        CLIENT
    }

    /** The time that a thread spends on something. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** @param key a name such as those of OpenTelemetry's semantic conventions, {@code http.request.method} */
    Span set(String key, String value);

    /** The same for a whole number. */
    Span set(String key, long value);

    /** Marks what was done as failed. */
    void fail(String reason);

    /** Makes spans that this thread begins parts of this one, until the scope is closed by the same thread. */
    Scope enter();

    /** The header {@code traceparent} for requests that are part of this, or the empty string for none. */
    String traceparent();

    /** Ends it; only the first call counts. */
    @Override
    void close();
}
