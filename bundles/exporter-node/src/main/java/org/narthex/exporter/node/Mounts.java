package org.narthex.exporter.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The mounted file systems worth measuring. */
final class Mounts {
    static final String POINTS_EXCLUDED =
            "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)";
    static final String TYPES_EXCLUDED =
            "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay"
                    + "|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$";

    private final KernelFiles proc;
    private final String root;
    private final Filter points;
    private final Filter types;

    /** @param root where the host's root is mounted; a mount point loses it, as it is to be named as the host names it */
    Mounts(KernelFiles proc, String root, Filter points, Filter types) {
        this.proc = proc;
        this.root = root.equals("/") ? "" : root;
        this.points = points;
        this.types = types;
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
            String point = withoutRoot(unescape(words.get(1)));
            if (points.accepts(point) && types.accepts(words.get(2))) {
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

    private String withoutRoot(String point) {
        if (!point.startsWith(root)) {
            return point;
        }
        return point.length() == root.length() ? "/" : point.substring(root.length());
    }

    /** Where this process finds what is mounted there. */
    String path(Mount mount) {
        return root + mount.point();
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
