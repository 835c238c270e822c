package org.narthex.exporter.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.model.Regex;

/** The mounted file systems worth measuring. */
final class Mounts {
    private final KernelFiles proc;
    private final Regex excludedPoints;
    private final Regex excludedTypes;

    Mounts(KernelFiles proc, Regex excludedPoints, Regex excludedTypes) {
        this.proc = proc;
        this.excludedPoints = excludedPoints;
        this.excludedTypes = excludedTypes;
    }

    /** One line of the mount table. */
    record Mount(String device, String point, String type, boolean readOnly) {}

    List<Mount> list() throws IOException {
        Set<Mount> mounts = new LinkedHashSet<>();
        for (String line : lines()) {
            List<String> words = KernelFiles.words(line);
            if (words.size() < 4) {
                continue;
            }
            String point = unescape(words.get(1));
            if (!excludedPoints.matches(point) && !excludedTypes.matches(words.get(2))) {
                boolean readOnly = List.of(words.get(3).split(",")).contains("ro");
                mounts.add(new Mount(unescape(words.get(0)), point, words.get(2), readOnly));
            }
        }
        return new ArrayList<>(mounts);
    }

    /** The mounts as init sees them, which are the host's even inside a chroot; our own where that is not allowed. */
    private List<String> lines() throws IOException {
        try {
            return proc.lines("1/mounts");
        } catch (IOException e) {
            return proc.lines("self/mounts");
        }
    }

    /** Blanks, tabs, line ends and backslashes are written as three octal digits. */
    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
