package org.narthex.promql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.query.FunctionPack;
import org.narthex.promql.function.Functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in functions and those of the packs that are there. Thread-safe; changes are guarded by this. */
final class FunctionPacks {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionPacks.class);

    private final Map<FunctionPack, Map<String, FunctionPack.Function>> packs = new LinkedHashMap<>();
    /** Made when first asked for; a query uses one table from beginning to end. */
    private volatile Functions functions;

    Functions functions() {
        Functions present = functions;
        return present == null ? build() : present;
    }

    private synchronized Functions build() {
        if (functions == null) {
            Functions table = Functions.builtIn();
            packs.values().forEach(pack -> refused(table, pack));
            functions = table;
        }
        return functions;
    }

    void add(FunctionPack pack) {
        Map<String, FunctionPack.Function> added;
        try {
            added = Map.copyOf(pack.functions());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("function pack {} is not used: it failed", pack.getClass().getName(), e);
            return;
        }
        List<String> refused;
        synchronized (this) {
            Functions table = functions().copy();
            refused = refused(table, added);
            packs.put(pack, added);
            functions = table;
        }
        if (!refused.isEmpty()) {
            LOG.warn(
                    "function pack {}: the names {} are taken or not valid; the others of the pack can be used",
                    pack.getClass().getName(),
                    refused);
        }
    }

    synchronized void remove(FunctionPack pack) {
        if (packs.remove(pack) != null) {
            functions = null;
        }
    }

    /** Adds what can be added. */
    private static List<String> refused(Functions table, Map<String, FunctionPack.Function> pack) {
        List<String> refused = new ArrayList<>();
        pack.forEach((name, function) -> {
            if (!isName(name)
                    || !table.add(PackFunction.signature(name, function), PackFunction.kernel(name, function))) {
                refused.add(name);
            }
        });
        return refused;
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c == '_' || (c >= 'a' && c <= 'z') || (i > 0 && c >= '0' && c <= '9'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
