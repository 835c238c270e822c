package org.narthex.service.loader;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;

import org.apache.aries.spifly.WeavingData;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * Passes a class on to the hook only if its bytes name one of the classes whose calls are to be woven. A class file names each class that it calls
 * in its constant pool, in modified UTF-8, which is ASCII for such names (JVM specification, 4.4.2 and 4.4.7); a name in a text is passed on in vain.
 */
final class CallersOnly implements WeavingHook {
    private final WeavingHook hook;
    private final Function<Bundle, Set<WeavingData>> woven;

    /** {@code woven}: what is to be woven in a bundle; null if nothing is. */
    CallersOnly(WeavingHook hook, Function<Bundle, Set<WeavingData>> woven) {
        this.hook = hook;
        this.woven = woven;
    }

    @Override
    public void weave(WovenClass type) {
        Set<WeavingData> calls = woven.apply(type.getBundleWiring().getBundle());
        if (calls != null && namesOneOf(calls, type.getBytes())) {
            hook.weave(type);
        }
    }

    private static boolean namesOneOf(Set<WeavingData> calls, byte[] classFile) {
        String bytes = new String(classFile, StandardCharsets.ISO_8859_1);
        for (WeavingData call : calls) {
            if (bytes.contains(call.getClassName().replace('.', '/'))) {
                return true;
            }
        }
        return false;
    }
}
