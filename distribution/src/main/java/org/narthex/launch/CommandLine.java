package org.narthex.launch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.Flag;

/**
 * The command line as the user gave it, read as Prometheus reads its own: {@code --flag=value}, {@code --flag value}, {@code --switch},
 * {@code --no-switch}; a repeatable flag's values are joined by commas.
 *
 * @param given the flags that were given, with their values
 * @param wish what to do instead of starting, if anything
 */
record CommandLine(Map<Flag, String> given, Optional<Wish> wish) {
    /** The command line itself is wrong. */
    static final int USAGE = 1;
    /** A value is wrong. */
    static final int BAD_VALUE = 2;

    /** Done instead of serving. */
    enum Wish {
        HELP,
        VERSION,
        /** The next start is to be a fast one. */
        CLASS_ARCHIVE
    }

    static CommandLine parse(String... args) throws StartException {
        Map<Flag, String> given = new EnumMap<>(Flag.class);
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.equals("--help") || arg.equals("-h")) {
                return new CommandLine(given, Optional.of(Wish.HELP));
            }
            if (arg.equals("--version")) {
                return new CommandLine(given, Optional.of(Wish.VERSION));
            }
            if (arg.equals("--make-class-archive")) {
                return new CommandLine(given, Optional.of(Wish.CLASS_ARCHIVE));
            }
            if (!arg.startsWith("--") || arg.length() == 2) {
                throw new StartException(USAGE, "unexpected argument '" + arg + "', try --help");
            }
            int equals = arg.indexOf('=');
            String name = arg.substring(2, equals < 0 ? arg.length() : equals);
            Optional<Flag> flag = Flag.named(name);
            if (flag.isEmpty() && equals < 0 && negated(name).isPresent()) {
                put(given, negated(name).get(), "false");
            } else if (flag.isEmpty()) {
                throw new StartException(USAGE, "unknown long flag '--" + name + "'" + hint(name));
            } else if (equals >= 0) {
                put(given, flag.get(), arg.substring(equals + 1));
            } else if (flag.get().kind() == Flag.Kind.SWITCH) {
                put(given, flag.get(), "true");
            } else if (i + 1 < args.length) {
                put(given, flag.get(), args[++i]);
            } else {
                throw new StartException(USAGE, "expected an argument for flag '--" + name + "'");
            }
        }
        return new CommandLine(given, Optional.empty());
    }

    private static Optional<Flag> negated(String name) {
        return name.startsWith("no-")
                ? Flag.named(name.substring(3)).filter(flag -> flag.kind() == Flag.Kind.SWITCH)
                : Optional.empty();
    }

    private static void put(Map<Flag, String> given, Flag flag, String value) throws StartException {
        try {
            flag.check(value);
        } catch (IllegalArgumentException e) {
            throw new StartException(BAD_VALUE, e.getMessage());
        }
        oneOf(flag, Flag.LOG_LEVEL, value, "debug", "info", "warn", "error");
        oneOf(flag, Flag.LOG_FORMAT, value, "logfmt", "json");
        if (!given.containsKey(flag)) {
            given.put(flag, value);
        } else if (flag.kind() == Flag.Kind.REPEATED) {
            given.put(flag, given.get(flag) + "," + value);
        } else {
            throw new StartException(USAGE, "flag '--" + flag.flagName() + "' cannot be repeated");
        }
    }

    private static void oneOf(Flag flag, Flag restricted, String value, String... choices) throws StartException {
        if (flag == restricted && !List.of(choices).contains(value)) {
            throw new StartException(
                    BAD_VALUE,
                    "--" + flag.flagName() + " must be one of " + String.join(", ", choices) + ", got '" + value + "'");
        }
    }

    /** Names the flag that was probably meant, so that the user need not search the list. */
    private static String hint(String name) {
        String nearest = null;
        int best = Math.max(2, name.length() / 3);
        for (Flag flag : Flag.values()) {
            int distance = distance(name, flag.flagName());
            if (distance < best) {
                best = distance;
                nearest = flag.flagName();
            }
        }
        return nearest == null ? ", try --help" : ", did you mean '--" + nearest + "'?";
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    /** The value in force. */
    String value(Flag flag) {
        return given.getOrDefault(flag, flag.defaultValue());
    }

    /** The given flags that this version accepts without acting on them. */
    List<Flag> withoutEffect() {
        List<Flag> flags = new ArrayList<>();
        for (Flag flag : given.keySet()) {
            if (!flag.inForce()) {
                flags.add(flag);
            }
        }
        return flags;
    }
}
