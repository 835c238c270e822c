package org.narthex.launch;

import org.narthex.api.config.Flag;

/** What {@code --help} and {@code --version} print. */
final class HelpText {
    private static final int COLUMN = 34;

    private HelpText() {}

    static String help() {
        StringBuilder out = new StringBuilder(8192);
        out.append(
                        "usage: narthex [<flags>]\n\nNarthex monitors what prometheus.yml names, and tells people when something is wrong.\n")
                .append("It takes the flags of Prometheus.\n\n\nFlags:\n");
        line(out, "-h, --help", "Show this text.");
        line(out, "    --version", "Show the version.");
        line(
                out,
                "    --make-class-archive",
                "Make the JVM's class archive, for faster starts, and end; for container images.");
        for (Flag flag : Flag.values()) {
            line(out, "    --" + synopsis(flag), flag.help() + (flag.inForce() ? "" : " (no effect yet)"));
        }
        return out.append(
                        "\nThe JVM's options are in the environment variable NARTHEX_JAVA_OPTS, its home in JAVA_HOME.\n")
                .toString();
    }

    private static String synopsis(Flag flag) {
        if (flag.kind() == Flag.Kind.SWITCH) {
            return (flag.defaultValue().equals("true") ? "[no-]" : "") + flag.flagName();
        }
        String repeat = flag.kind() == Flag.Kind.REPEATED ? " ..." : "";
        return flag.flagName() + "=" + (flag.defaultValue().isEmpty() ? "\"\"" : shown(flag)) + repeat;
    }

    private static String shown(Flag flag) {
        return switch (flag) {
            case CONFIG_FILE -> "<home>/conf/prometheus.yml";
            case STORAGE_PATH -> "<home>/data";
            default -> flag.defaultValue();
        };
    }

    private static void line(StringBuilder out, String left, String right) {
        out.append("  ").append(left);
        if (left.length() >= COLUMN) {
            out.append('\n').append(" ".repeat(COLUMN + 4));
        } else {
            out.append(" ".repeat(COLUMN - left.length() + 2));
        }
        out.append(right).append('\n');
    }

    static String version(String version) {
        return "narthex, version " + version + "\n  platform:  " + System.getProperty("os.name") + "/"
                + System.getProperty("os.arch") + "\n  jvm:       " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version") + " (" + System.getProperty("java.home") + ")\n";
    }
}
