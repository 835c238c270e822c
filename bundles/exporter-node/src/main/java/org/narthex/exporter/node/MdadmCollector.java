package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Software RAID from {@code /proc/mdstat}: a line that begins an array, one of its size, and one of its progress while it is synchronised. */
final class MdadmCollector implements Collector {
    private static final String FILE = "mdstat";
    private static final String[] STATES = {"active", "inactive", "recovering", "resync", "check"};
    private static final Pattern DISKS = Pattern.compile("\\[(\\d+)/(\\d+)\\]");
    private static final Pattern PROGRESS = Pattern.compile("\\((\\d+)/\\d+\\)");

    private final KernelFiles proc;

    MdadmCollector(KernelFiles proc) {
        this.proc = proc;
    }

    /** One array; sizes are in blocks. */
    private record Array(
            String device,
            String state,
            double active,
            double failed,
            double spare,
            double required,
            double blocks,
            double synced) {}

    @Override
    public String name() {
        return "mdadm";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        List<String> lines = proc.source(FILE).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean begins = !line.isBlank()
                    && !Character.isWhitespace(line.charAt(0))
                    && !line.startsWith("Personalities")
                    && !line.startsWith("unused");
            if (begins) {
                write(sink, array(line, lines.subList(i + 1, lines.size())));
            }
        }
    }

    private static Array array(String line, List<String> below) throws IOException {
        List<String> words = KernelFiles.words(line);
        if (words.size() < 3 || below.isEmpty() || below.get(0).isBlank()) {
            throw new IOException(FILE + ": no array is described by \"" + line + "\" and the line below it");
        }
        double blocks = KernelFiles.number(FILE, KernelFiles.words(below.get(0)).get(0));
        String state = words.get(2);
        double active;
        double required;
        Matcher disks = DISKS.matcher(below.get(0));
        if (line.contains("raid0") || line.contains("linear")) {
            // These lose everything with the first disk, so all are there.
            required = active = count(line, "[");
        } else if (line.contains("inactive")) {
            required = active = 0;
        } else if (disks.find()) {
            required = Double.parseDouble(disks.group(1));
            active = Double.parseDouble(disks.group(2));
        } else {
            throw new IOException(FILE + ": \"" + below.get(0) + "\" does not tell how many disks there are");
        }
        int next = below.size() > 1 && below.get(1).contains("bitmap") ? 2 : 1;
        String progress = next < below.size() ? below.get(next) : "";
        double synced = blocks;
        String activity = activity(progress);
        if (!activity.isEmpty()) {
            state = activity;
            Matcher done = PROGRESS.matcher(progress);
            // Without numbers it is only going to begin.
            synced = done.find() ? Double.parseDouble(done.group(1)) : 0;
        }
        return new Array(words.get(0), state, active, count(line, "(F)"), count(line, "(S)"), required, blocks, synced);
    }

    private static String activity(String progress) {
        if (progress.contains("recovery")) {
            return "recovering";
        }
        if (progress.contains("resync")) {
            return "resync";
        }
        return progress.contains("check") ? "check" : "";
    }

    private static int count(String line, String part) {
        int count = 0;
        for (int at = line.indexOf(part); at >= 0; at = line.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static void write(MetricSink sink, Array array) {
        String device = array.device();
        sink.gauge("node_md_blocks", "Total number of blocks on device.", array.blocks(), "device", device);
        sink.gauge("node_md_blocks_synced", "Number of blocks synced on device.", array.synced(), "device", device);
        sink.gauge("node_md_disks_required", "Total number of disks of device.", array.required(), "device", device);
        sink.family("node_md_disks", MetricType.GAUGE, "Number of active/failed/spare disks of device.");
        sink.sample("node_md_disks", array.active(), "device", device, "state", "active");
        sink.sample("node_md_disks", array.failed(), "device", device, "state", "failed");
        sink.sample("node_md_disks", array.spare(), "device", device, "state", "spare");
        sink.family("node_md_state", MetricType.GAUGE, "Indicates the state of md-device.");
        for (String state : STATES) {
            sink.sample("node_md_state", state.equals(array.state()) ? 1 : 0, "device", device, "state", state);
        }
    }
}
