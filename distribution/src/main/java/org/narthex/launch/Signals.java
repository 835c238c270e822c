package org.narthex.launch;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * SIGTERM and SIGINT end the process in order, with exit code 0 as Prometheus does; the second one ends it at once. A shutdown hook alone would do
 * the stopping, but leave the exit code of the signal.
 */
final class Signals {
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    private Signals() {}

    static void stopWith(Runnable stop) {
        // By reflection: the compiler warns of sun.misc in a way that cannot be suppressed, although the module
        // jdk.unsupported exports it.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object stopper =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            end(stop);
                        }
                        return null;
                    });
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), stopper);
            }
        } catch (ReflectiveOperationException e) {
            Logger.getLogger(Signals.class.getName()).log(Level.FINE, "Only a shutdown hook stops Narthex", e);
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "narthex-launch-stop"));
        }
    }

    private static void end(Runnable stop) {
        if (STOPPING.getAndSet(true)) {
            Runtime.getRuntime().halt(130);
        }
        stop.run();
    }
}
