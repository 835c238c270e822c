package org.narthex.exporter.osgi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Objects of interfaces that answer some methods, by their names, with fixed values or errors, and the others with nothing. */
final class Fakes {
    private Fakes() {}

    static <T> T fake(Class<T> type, Map<String, ?> answers) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object answer = answers.get(method.getName());
            if (answer instanceof Throwable failure) {
                throw failure;
            }
            if (answer instanceof Answer given) {
                return given.to(arguments);
            }
            if (answer == null && method.getName().equals("hashCode")) {
                return System.identityHashCode(proxy);
            }
            return answer == null && method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : answer;
        };
        return type.cast(Proxy.newProxyInstance(Fakes.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** An answer that depends on the arguments. */
    interface Answer {
        Object to(Object... arguments);
    }
}
