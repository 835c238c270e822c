package org.narthex.service.loader;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Dictionary;

import org.apache.aries.spifly.dynamic.DynamicWeavingActivator;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

/**
 * Runs SPI Fly with its weaving hook behind a {@link CallersOnly}. SPI Fly itself parses and rewrites each class of each bundle that may load
 * services, to find out that nearly none does: that was a quarter of the work of a start.
 */
public final class MediatorActivator implements BundleActivator {
    private final DynamicWeavingActivator spiFly = new DynamicWeavingActivator();

    @Override
    public void start(BundleContext context) throws Exception {
        spiFly.start(wrappingHooks(context));
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        spiFly.stop(context);
    }

    /** The context, but for the registration of the weaving hook. */
    private BundleContext wrappingHooks(BundleContext context) {
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("registerService") && arguments[1] instanceof WeavingHook hook) {
                        WeavingHook quick = new CallersOnly(hook, spiFly::getWeavingData);
                        return context.registerService(WeavingHook.class, quick, properties(arguments[2]));
                    }
                    try {
                        return method.invoke(context, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings("unchecked") // as BundleContext.registerService declares it
    private static Dictionary<String, ?> properties(Object argument) {
        return (Dictionary<String, ?>) argument;
    }
}
