package org.narthex.api.http;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;

/** Why a request got no answer, in the words of Prometheus. The JDK's client often says no more than the name of a class. */
public final class NoAnswer {
    private NoAnswer() {}

    /** Such as {@code connection refused}, {@code no such host} or {@code context deadline exceeded}; never empty. */
    public static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof HttpTimeoutException) {
            return "context deadline exceeded";
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
                return "no such host";
            }
        }
        String message = cause.getMessage();
        if (cause instanceof ConnectException && (message == null || message.equals("Connection refused"))) {
            return "connection refused";
        }
        return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }
}
