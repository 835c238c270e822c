package org.narthex.promql;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.query.FunctionPack;
import org.narthex.promql.function.Functions;
import org.narthex.promql.parser.TokenType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in functions and those of the packs that are there. Thread-safe; changes are guarded by this. */
final class FunctionPacks {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionPacks.class);

    /** The packs in the order of their coming; the earlier one has a name that two of them bring. */
    private final Map<FunctionPack, Map<String, FunctionPack.Function>> packs = new LinkedHashMap<>();
    /** Made when first asked for; a query uses one table from beginning to end. */
    private volatile Table table;

    /**
     * What can be used.
     *
     * @param owners the packs by the names of their functions
     * @param refused why a function is not in the table, by its name and pack
     */
    private record Table(Functions functions, Map<String, FunctionPack> owners, Map<Refused, String> refused) {}

    private record Refused(FunctionPack pack, String name) {}

    Functions functions() {
        return table().functions();
    }

    int functionCount() {
        return table().owners().size();
    }

    int refusedCount() {
        return table().refused().size();
    }

    private Table table() {
        Table present = table;
        return present == null ? build() : present;
    }

    private synchronized Table build() {
        if (table == null) {
            table = made();
        }
        return table;
    }

    void add(FunctionPack pack) {
        Map<String, FunctionPack.Function> added;
        try {
            added = Map.copyOf(pack.functions());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("function pack {} is not used: it failed", name(pack), e);
            return;
        }
        synchronized (this) {
            Table before = table();
            packs.put(pack, added);
            change(before);
        }
    }

    synchronized void remove(FunctionPack pack) {
        Table before = table();
        if (packs.remove(pack) != null) {
            change(before);
        }
    }

    /** Makes the table anew and tells what of it could not be had before, or can no longer. */
    private void change(Table before) {
        Table now = made();
        table = now;
        now.refused().forEach((refused, why) -> {
            if (!why.equals(before.refused().get(refused))) {
                LOG.warn("function pack {}: {}; its other functions can be used", name(refused.pack()), why);
            }
        });
        before.refused().keySet().forEach(refused -> {
            if (now.owners().get(refused.name()) == refused.pack()) {
                LOG.info("function pack {}: {} can be used now", name(refused.pack()), refused.name());
            }
        });
    }

    private Table made() {
        Functions functions = Functions.builtIn();
        Map<String, FunctionPack> owners = new HashMap<>();
        Map<Refused, String> refused = new LinkedHashMap<>();
        packs.forEach((pack, added) -> new TreeMap<>(added).forEach((name, function) -> {
            String why = refusal(name, owners);
            if (why.isEmpty()
                    && !functions.add(PackFunction.signature(name, function), PackFunction.kernel(name, function))) {
                why = "the name " + name + " is refused, it is that of a function of PromQL";
            }
            if (why.isEmpty()) {
                owners.put(name, pack);
            } else {
                refused.put(new Refused(pack, name), why);
            }
        }));
        return new Table(functions, owners, refused);
    }

    /** Why a function cannot have the name, apart from those built in; empty if it can. */
    private static String refusal(String name, Map<String, FunctionPack> owners) {
        if (!isName(name)) {
            return "the name \"" + name + "\" is refused, it is not of the form [a-z_][a-z0-9_]*";
        }
        if (TokenType.keyword(name) != null) {
            return "the name " + name + " is refused, it is a word of PromQL";
        }
        FunctionPack owner = owners.get(name);
        return owner == null ? "" : "the name " + name + " is refused, the pack " + name(owner) + " has it";
    }

    private static String name(FunctionPack pack) {
        return pack.getClass().getName();
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
