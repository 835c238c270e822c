package org.narthex.probe;

import java.io.IOException;

/** One request and its answer over a connection that is there, step by step so that each can be timed. */
interface HttpStream {
    void send() throws IOException;

    /** Waits until the answer begins. */
    void await() throws IOException;

    /** What comes before the body, without informational answers. */
    HttpHead head() throws IOException;

    /** Bytes of the body, as the server says; -1 if it does not. */
    long contentLength() throws IOException;

    /**
     * The body, as it was sent: packed if it is.
     *
     * @throws IOException the connection broke, or the body is longer than it may be
     */
    HttpText body() throws IOException;
}
