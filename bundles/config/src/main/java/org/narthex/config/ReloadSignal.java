package org.narthex.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action on SIGHUP, on a thread of the JVM's; gives the signal back when closed. By reflection on the JVM's own class loader: {@code sun.misc}
 * is not importable in every framework, and the compiler warns of it in a way that cannot be told otherwise.
 */
final class ReloadSignal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadSignal.class);

    private final Method handle;
    private final Object signal;
    private final Object before;

    private ReloadSignal(Runnable action) throws ReflectiveOperationException {
        ClassLoader jvm = ClassLoader.getSystemClassLoader();
        Class<?> signalType = jvm.loadClass("sun.misc.Signal");
        Class<?> handlerType = jvm.loadClass("sun.misc.SignalHandler");
        handle = signalType.getMethod("handle", signalType, handlerType);
        signal = signalType.getConstructor(String.class).newInstance("HUP");
        Object handler = Proxy.newProxyInstance(jvm, new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "handle" -> action.run();
                case "equals" -> {
                    return proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {
                    return "reload on SIGHUP";
                }
            }
            return null;
        });
        before = handle.invoke(null, signal, handler);
    }

    /** Nothing is handled where signals are not to be had: on Windows, with -Xrs, on a JVM without {@code sun.misc}. */
    static AutoCloseable handle(Runnable action) {
        try {
            return new ReloadSignal(action);
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            LOG.info("SIGHUP is not available for reloading: {}", cause.toString());
            return () -> {};
        }
    }

    @Override
    public void close() throws ReflectiveOperationException {
        handle.invoke(null, signal, before);
    }
}
