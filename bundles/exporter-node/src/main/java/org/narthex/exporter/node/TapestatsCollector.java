package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** Tape drives from {@code /sys/class/scsi_tape}; the kernel's {@code Documentation/scsi/st.rst} says what is counted. */
final class TapestatsCollector implements Collector {
    private static final String FOLDER = "class/scsi_tape";
    private static final double NANOS = 1e-9;

    private static final List<Attribute> COUNTS = List.of(
            Attribute.gauge(
                    "in_flight", "node_tape_io_now", "The number of I/Os currently outstanding to this device.", 1),
            Attribute.counter(
                    "io_ns",
                    "node_tape_io_time_seconds_total",
                    "The amount of time spent waiting for all I/O to complete (including read and write). This includes tape"
                            + " movement commands such as seeking between file or set marks and implicit tape movement such"
                            + " as when rewind on close tape devices are used.",
                    NANOS),
            Attribute.counter(
                    "other_cnt",
                    "node_tape_io_others_total",
                    "The number of I/Os issued to the tape drive other than read or write commands. The time taken to"
                            + " complete these commands uses the following calculation"
                            + " io_time_seconds_total-read_time_seconds_total-write_time_seconds_total",
                    1),
            Attribute.counter(
                    "read_byte_cnt", "node_tape_read_bytes_total", "The number of bytes read from the tape drive.", 1),
            Attribute.counter(
                    "read_cnt",
                    "node_tape_reads_completed_total",
                    "The number of read requests issued to the tape drive.",
                    1),
            Attribute.counter(
                    "read_ns",
                    "node_tape_read_time_seconds_total",
                    "The amount of time spent waiting for read requests to complete.",
                    NANOS),
            Attribute.counter(
                    "resid_cnt",
                    "node_tape_residual_total",
                    "The number of times during a read or write we found the residual amount to be non-zero. This should"
                            + " mean that a program is issuing a read larger thean the block size on tape. For write not all"
                            + " data made it to tape.",
                    1),
            Attribute.counter(
                    "write_byte_cnt",
                    "node_tape_written_bytes_total",
                    "The number of bytes written to the tape drive.",
                    1),
            Attribute.counter(
                    "write_cnt",
                    "node_tape_writes_completed_total",
                    "The number of write requests issued to the tape drive.",
                    1),
            Attribute.counter(
                    "write_ns",
                    "node_tape_write_time_seconds_total",
                    "The amount of time spent waiting for write requests to complete.",
                    NANOS));

    private final KernelFiles sys;
    private final Filter devices;

    TapestatsCollector(KernelFiles sys, Filter devices) {
        this.sys = sys;
        this.devices = devices;
    }

    @Override
    public String name() {
        return "tapestats";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        // Each drive has more names, such as nst0 and st0a, that count the same.
        for (String device : sys.numbered(FOLDER, "st")) {
            if (devices.accepts(device)) {
                COUNTS.forEach(count -> count.write(sink, sys, FOLDER + "/" + device + "/stats", "device", device));
            }
        }
    }
}
