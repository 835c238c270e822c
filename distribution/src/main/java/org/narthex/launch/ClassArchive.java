package org.narthex.launch;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The JVM's archive of loaded classes, which shortens the next start. The start script names the file; it is made by a training run in a process of
 * its own, at the lowest priority and some time after the start, since the JVM writes an archive only while it stands still.
 */
final class ClassArchive {
    /** The system property with the file's name. */
    static final String PROPERTY = "narthex.archive";

    private static final Logger LOG = Logger.getLogger(ClassArchive.class.getName());

    /** Not among the work that a start brings. */
    private static final long DELAY_MS = 600_000;

    private static final long LONGEST_TRAINING_SECONDS = 120;

    private final Path archive;
    private final String stamp;

    ClassArchive(Path archive, Installation installation, BundleSet bundles) {
        this.archive = archive;
        stamp = stamp(installation, bundles);
    }

    /** What the archive depends on: the JVM refuses it by itself when this differs, but does not make another. */
    private static String stamp(Installation installation, BundleSet bundles) {
        StringBuilder stamp = new StringBuilder(bundles.stamp());
        File[] jars = installation.home().resolve("lib").toFile().listFiles();
        Stream.of(jars == null ? new File[0] : jars).sorted().forEach(jar -> stamp.append(jar.length())
                .append(' ')
                .append(jar.lastModified())
                .append('\n'));
        return stamp.append(System.getProperty("java.vm.version"))
                .append(System.getProperty("java.vm.vendor"))
                .toString();
    }

    /** Makes the archive later, if there is none that fits. */
    void refreshLater() {
        Thread thread = new Thread(this::refresh, "narthex-launch-archive");
        thread.setDaemon(true);
        thread.start();
    }

    private void refresh() {
        try {
            if (isFresh()) {
                return;
            }
            Thread.sleep(DELAY_MS);
            make();
        } catch (InterruptedException | OverlappingFileLockException e) {
            LOG.fine("no archive of classes was made");
        } catch (IOException e) {
            LOG.log(Level.FINE, "No archive of classes was made; the next start takes as long as this one", e);
        }
    }

    /**
     * Makes the archive if there is none that fits.
     *
     * @throws StartException if it could not be made, with the reason
     */
    void makeNow() throws StartException, InterruptedException {
        try {
            make();
            if (!isFresh()) {
                throw new StartException(CommandLine.USAGE, "the training run failed: no class archive was made");
            }
        } catch (IOException | OverlappingFileLockException e) {
            throw new StartException(CommandLine.USAGE, "no class archive was made: " + e);
        }
    }

    private void make() throws IOException, InterruptedException {
        Files.createDirectories(archive.getParent());
        // Several processes may run from one installation; one of them trains.
        try (FileChannel channel =
                        FileChannel.open(beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null && !isFresh()) {
                train();
            }
        }
    }

    private boolean isFresh() throws IOException {
        return Files.exists(archive)
                && Files.exists(beside(".stamp"))
                && Files.readString(beside(".stamp")).equals(Files.size(archive) + "\n" + stamp);
    }

    private Path beside(String suffix) {
        return archive.resolveSibling(archive.getFileName() + suffix);
    }

    private void train() throws IOException, InterruptedException {
        Path folder = beside(".training");
        Path made = folder.resolve("made.jsa");
        remove(folder);
        Files.createDirectories(folder);
        try {
            Process training = new ProcessBuilder(command(folder, made))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            Thread stop = new Thread(training::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(stop);
            if (!training.waitFor(LONGEST_TRAINING_SECONDS, TimeUnit.SECONDS)) {
                training.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(stop);
            if (training.exitValue() == 0 && Files.exists(made)) {
                Files.deleteIfExists(beside(".stamp"));
                // A JVM that has the old file mapped keeps it.
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
                // The start script reads the first line: a file of another size is not used.
                Files.writeString(beside(".stamp"), Files.size(archive) + "\n" + stamp);
                LOG.fine("Made the archive of classes " + archive);
            }
        } finally {
            remove(folder);
        }
    }

    /** This process' own options, with the archive to be written in place of the one to be used. */
    private static List<String> command(Path folder, Path made) throws IOException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        String[] arguments = self.arguments().orElse(new String[0]);
        List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
        command.add(self.command().orElseThrow(() -> new IOException("the JVM's own command is not known")));
        for (String argument : arguments) {
            if (argument.equals(Launcher.class.getName())) {
                command.add("-XX:ArchiveClassesAtExit=" + made);
                command.add(Training.class.getName());
                command.add(folder.toString());
                return command;
            }
            if (!argument.startsWith("-XX:SharedArchiveFile=") && !argument.startsWith("-agent")) {
                command.add(argument);
            }
        }
        throw new IOException("the JVM's own options are not known");
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
