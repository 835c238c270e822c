package org.narthex.api.http;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A taker of answers that never waits: the subscriber it makes asks for the whole body at once, has copied what it wants when {@code onNext} returns,
 * and blocks nowhere; the same holds for what depends on the exchange's future. A client may then call it by the thread that reads all
 * connections, and read into the same buffer again, which makes frequent small requests such as scrapes much cheaper.
 */
@ConsumerType
@FunctionalInterface
public interface EagerHandler<T> extends BodyHandler<T> {
    /** A head of which single fields can be asked for, without a map of all being made. */
    interface Head extends ResponseInfo {
        /** @return the first value of a field, whatever the letters' case of its name */
        Optional<String> first(String name);
    }

    /** The first value of a field, found in the cheapest way there is. */
    static Optional<String> header(ResponseInfo info, String name) {
        return info instanceof Head head ? head.first(name) : info.headers().firstValue(name);
    }
}
