package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** Open files of the whole host from {@code /proc/sys/fs/file-nr}. */
final class FilefdCollector implements Collector {
    private static final String FILE = "sys/fs/file-nr";

    private final KernelFiles proc;

    FilefdCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "filefd";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        List<String> words = KernelFiles.words(proc.text(FILE));
        if (words.size() < 3) {
            throw new IOException(FILE + " holds less than three numbers");
        }
        double allocated = KernelFiles.number(FILE, words.get(0));
        double maximum = KernelFiles.number(FILE, words.get(2));
        sink.gauge("node_filefd_allocated", "File descriptor statistics: allocated.", allocated);
        sink.gauge("node_filefd_maximum", "File descriptor statistics: maximum.", maximum);
    }
}
