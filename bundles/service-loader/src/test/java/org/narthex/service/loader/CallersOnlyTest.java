package org.narthex.service.loader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

import org.apache.aries.spifly.WeavingData;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.wiring.BundleWiring;

class CallersOnlyTest {
    private static final WeavingData LOAD = new WeavingData(
            ServiceLoader.class.getName(), "load", new String[] {Class.class.getName()}, Set.of(), null);

    private final List<String> passedOn = new ArrayList<>();

    static final class Caller {
        Object call() {
            return ServiceLoader.load(Runnable.class);
        }
    }

    static final class Other {
        Object call() {
            return List.of(Runnable.class);
        }
    }

    @Test
    void passesOnTheClassesThatCall() throws IOException {
        CallersOnly hook = new CallersOnly(type -> passedOn.add(type.getClassName()), bundle -> Set.of(LOAD));
        hook.weave(woven(Caller.class));
        hook.weave(woven(Other.class));
        assertThat(passedOn).containsExactly(Caller.class.getName());
    }

    @Test
    void passesNothingOnOfABundleWithoutCalls() throws IOException {
        CallersOnly hook = new CallersOnly(type -> passedOn.add(type.getClassName()), bundle -> null);
        hook.weave(woven(Caller.class));
        assertThat(passedOn).isEmpty();
    }

    private static WovenClass woven(Class<?> type) throws IOException {
        byte[] bytes;
        try (InputStream file = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
            bytes = file.readAllBytes();
        }
        Bundle bundle = fake(Bundle.class, "getSymbolicName", "a.bundle");
        BundleWiring wiring = fake(BundleWiring.class, "getBundle", bundle);
        return (WovenClass) Proxy.newProxyInstance(
                CallersOnlyTest.class.getClassLoader(),
                new Class<?>[] {WovenClass.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getClassName" -> type.getName();
                    case "getBytes" -> bytes;
                    case "getBundleWiring" -> wiring;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** An object of which only the one method can be called. */
    private static <T> T fake(Class<T> type, String answered, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                CallersOnlyTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(answered)) {
                        return answer;
                    }
                    throw new UnsupportedOperationException(method.getName());
                }));
    }
}
