package org.narthex.launch;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The shipped bundles: {@code bundles/<start level>/*.jar}. Each level is in the order of its names. */
final class BundleSet {
    private final NavigableMap<Integer, List<File>> jars = new TreeMap<>();

    private BundleSet() {}

    static BundleSet in(File folder) throws StartException {
        BundleSet set = new BundleSet();
        File[] levels = folder.listFiles(File::isDirectory);
        for (File level : levels == null ? new File[0] : levels) {
            File[] files = level.listFiles((parent, name) -> name.endsWith(".jar"));
            if (files != null && isNumber(level.getName())) {
                Arrays.sort(files);
                set.jars.put(Integer.valueOf(level.getName()), List.of(files));
            }
        }
        if (set.jars.isEmpty()) {
            throw new StartException(
                    CommandLine.USAGE, "no bundles in " + folder + ": the installation is not complete");
        }
        return set;
    }

    private static boolean isNumber(String name) {
        return name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9';
    }

    int highestLevel() {
        return jars.lastKey();
    }

    List<File> at(int level) {
        return jars.getOrDefault(level, List.of());
    }

    /** Changes when any jar does. */
    String stamp() {
        StringBuilder stamp = new StringBuilder(8192);
        for (List<File> level : jars.values()) {
            for (File jar : level) {
                stamp.append(jar.getPath())
                        .append(' ')
                        .append(jar.length())
                        .append(' ')
                        .append(jar.lastModified())
                        .append('\n');
            }
        }
        return stamp.toString();
    }
}
