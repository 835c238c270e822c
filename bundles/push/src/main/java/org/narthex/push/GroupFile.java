package org.narthex.push;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricFamily;

/**
 * Groups in a file, always whole: it is written beside and moved over. Numbers are big-endian, a text is its length in bytes (4 byte) and UTF-8,
 * labels are their number (4 byte), then names and values:
 *
 * <pre>
 * text   "narthex push 1"
 * 4 byte number of groups, then each:
 *        labels
 * 8 byte pushed at, 8 byte failed at (ms since the epoch), 8 byte time to live (ms)
 * 4 byte number of families, then each:
 *        name, type, help   texts
 * 8 byte pushed at
 * 4 byte number of samples, then each: name, labels, 8 byte value
 * 8 byte CRC-32 of all before it
 * </pre>
 */
final class GroupFile {
    private static final String MAGIC = "narthex push 1";
    private static final int CRC_BYTES = 8;

    private final Path file;

    GroupFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    void write(List<PushedGroup> groups) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(groups, new BufferedOutputStream(Channels.newOutputStream(channel)));
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(List<PushedGroup> groups, OutputStream to) throws IOException {
        CRC32 crc = new CRC32();
        DataOutputStream out = new DataOutputStream(new CheckedOutputStream(to, crc));
        text(out, MAGIC);
        out.writeInt(groups.size());
        for (PushedGroup group : groups) {
            labels(out, group.labels());
            out.writeLong(group.pushedAtMs());
            out.writeLong(group.failedAtMs());
            out.writeLong(group.ttlMs());
            out.writeInt(group.families().size());
            for (PushedGroup.Pushed pushed : group.families().values()) {
                family(out, pushed);
            }
        }
        out.writeLong(crc.getValue());
        out.flush();
    }

    private static void family(DataOutputStream out, PushedGroup.Pushed pushed) throws IOException {
        MetricFamily family = pushed.family();
        text(out, family.name());
        text(out, family.type().name());
        text(out, family.help());
        out.writeLong(pushed.pushedAtMs());
        out.writeInt(family.samples().size());
        for (MetricFamily.Sample sample : family.samples()) {
            text(out, sample.name());
            labels(out, sample.labels());
            out.writeLong(Double.doubleToRawLongBits(sample.value()));
        }
    }

    private static void labels(DataOutputStream out, Labels labels) throws IOException {
        out.writeInt(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            text(out, labels.name(i));
            text(out, labels.value(i));
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads what was written last.
     *
     * @throws IOException the file cannot be read, or is damaged; the message names it
     */
    List<PushedGroup> read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 crc = new CRC32();
        if (bytes.length > CRC_BYTES) {
            crc.update(bytes, 0, bytes.length - CRC_BYTES);
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (bytes.length <= CRC_BYTES || crc.getValue() != checksum(bytes) || !text(in).equals(MAGIC)) {
                throw new IOException(file + " is damaged");
            }
            List<PushedGroup> groups = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                groups.add(group(in));
            }
            return groups;
        }
    }

    private static long checksum(byte[] bytes) throws IOException {
        try (DataInputStream end =
                new DataInputStream(new ByteArrayInputStream(bytes, bytes.length - CRC_BYTES, CRC_BYTES))) {
            return end.readLong();
        }
    }

    private static PushedGroup group(DataInputStream in) throws IOException {
        Labels labels = labels(in);
        long pushedAtMs = in.readLong();
        long failedAtMs = in.readLong();
        long ttlMs = in.readLong();
        Map<String, PushedGroup.Pushed> families = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            PushedGroup.Pushed pushed = family(in);
            families.put(pushed.family().name(), pushed);
        }
        return new PushedGroup(labels, families, pushedAtMs, failedAtMs, ttlMs);
    }

    private static PushedGroup.Pushed family(DataInputStream in) throws IOException {
        String name = text(in);
        MetricType type = MetricType.valueOf(text(in));
        String help = text(in);
        long pushedAtMs = in.readLong();
        List<MetricFamily.Sample> samples = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            samples.add(new MetricFamily.Sample(
                    text(in), labels(in), Double.longBitsToDouble(in.readLong()), OptionalLong.empty()));
        }
        return new PushedGroup.Pushed(new MetricFamily(name, type, help, samples), pushedAtMs);
    }

    private static Labels labels(DataInputStream in) throws IOException {
        Labels.Builder labels = Labels.builder();
        for (int left = in.readInt(); left > 0; left--) {
            String name = text(in);
            labels.set(name, text(in));
        }
        return labels.build();
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
