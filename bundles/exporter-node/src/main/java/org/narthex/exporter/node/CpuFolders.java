package org.narthex.exporter.node;

import java.util.List;

/** The folders of the CPUs below {@code /sys}. */
final class CpuFolders {
    private static final String FOLDER = "devices/system/cpu";

    private CpuFolders() {}

    /** A CPU's number and folder. */
    record CpuFolder(String cpu, String folder) {}

    static List<CpuFolder> list(KernelFiles sys) {
        return sys.numbered(FOLDER, "cpu").stream()
                .map(name -> new CpuFolder(name.substring("cpu".length()), FOLDER + "/" + name))
                .toList();
    }
}
