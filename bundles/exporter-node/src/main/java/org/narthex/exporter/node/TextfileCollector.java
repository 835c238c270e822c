package org.narthex.exporter.node;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other programs have left in files of the text format, {@code *.prom}. A file that is not right is left out whole. */
final class TextfileCollector implements Collector {
    private static final Logger LOG = LoggerFactory.getLogger(TextfileCollector.class);

    private final String folder;
    /** Faults that are logged already. */
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /** @param folder where the files are; may be a pattern such as {@code /srv/*}; none if empty */
    TextfileCollector(String folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "textfile";
    }

    @Override
    public void collect(MetricSink sink) {
        List<String> faults = new ArrayList<>();
        Map<String, Double> times = new TreeMap<>();
        Set<String> series = new HashSet<>();
        Map<String, TextFamily> families = new TreeMap<>();
        for (Path file : files(faults)) {
            try {
                List<TextFamily> read = TextFormat.parse(Files.readString(file, StandardCharsets.UTF_8));
                // Before the first is written: a file counts whole or not at all.
                check(read, families, series);
                for (TextFamily family : read) {
                    families.putIfAbsent(family.name(), family);
                    write(sink, file, family);
                }
                long written = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
                times.put(file.toString(), (double) written);
            } catch (IOException | TextFormat.Fault e) {
                faults.add(file + ": " + e.getMessage());
            }
        }
        sink.family("node_textfile_mtime_seconds", MetricType.GAUGE, "Unixtime mtime of textfiles successfully read.");
        times.forEach((file, time) -> sink.sample("node_textfile_mtime_seconds", time, "file", file));
        sink.gauge(
                "node_textfile_scrape_error",
                "1 if there was an error opening or reading a file, 0 otherwise",
                faults.isEmpty() ? 0 : 1);
        log(faults);
    }

    private List<Path> files(List<String> faults) {
        List<Path> files = new ArrayList<>();
        for (Path each : folders()) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(each, "*.prom")) {
                found.forEach(files::add);
            } catch (IOException e) {
                faults.add("the folder " + each + " cannot be read: " + e);
            }
        }
        files.sort(null);
        return files;
    }

    /** The last part of the path may be a pattern. */
    private List<Path> folders() {
        if (folder.isEmpty()) {
            return List.of();
        }
        File whole = new File(folder);
        String pattern = whole.getName();
        File parent = whole.getParentFile();
        List<Path> folders = new ArrayList<>();
        if (parent != null && (pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0 || pattern.indexOf('[') >= 0)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(parent.toPath(), pattern)) {
                found.forEach(folders::add);
            } catch (IOException e) {
                LOG.debug("{} cannot be read", parent, e);
            }
        }
        // As it stands: what it is missing, the reader will say.
        return folders.isEmpty() ? List.of(whole.toPath()) : folders;
    }

    private static void check(List<TextFamily> read, Map<String, TextFamily> known, Set<String> series)
            throws TextFormat.Fault {
        Set<String> own = new HashSet<>();
        for (TextFamily family : read) {
            TextFamily before = known.getOrDefault(family.name(), family);
            if (before.type() != family.type()) {
                throw new TextFormat.Fault(family.name() + " has another type in another file");
            }
            if (!before.help().isEmpty()
                    && !family.help().isEmpty()
                    && !before.help().equals(family.help())) {
                throw new TextFormat.Fault(family.name() + " has another help in another file");
            }
            for (TextFamily.Sample sample : family.samples()) {
                if (series.contains(sample.series()) || !own.add(sample.series())) {
                    throw new TextFormat.Fault(sample.series() + " is there twice");
                }
            }
        }
        series.addAll(own);
    }

    private static void write(MetricSink sink, Path file, TextFamily family) {
        String help = family.help().isEmpty() ? "Metric read from " + file : family.help();
        sink.family(family.name(), family.type(), help);
        for (TextFamily.Sample sample : family.samples()) {
            sink.sample(sample.name(), sample.value(), sample.labels());
        }
    }

    /** Each fault once for as long as it lasts. */
    private void log(List<String> faults) {
        logged.retainAll(new HashSet<>(faults));
        for (String fault : faults) {
            if (logged.add(fault)) {
                LOG.warn("Collector textfile: {}", fault);
            }
        }
    }
}
