package org.narthex.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.narthex.api.config.Flag;
import org.narthex.api.model.Regex;

/**
 * What this start works with: the flags' values with Narthex' own defaults, and what follows from them.
 *
 * @param stateFolder what Narthex keeps beside the samples
 * @param address the first one to listen on
 * @param path under which everything is served, with a slash at both ends
 * @param externalPath under which browsers see that, with a slash at both ends; another one behind a proxy that cuts a prefix off
 */
record Settings(
        Installation installation,
        Map<Flag, String> values,
        Path storage,
        Path stateFolder,
        ListenAddress address,
        int addresses,
        String path,
        String externalPath) {
    /** A channel that nobody refers to would be closed, and its lock be gone. */
    private static final List<FileChannel> HELD = new CopyOnWriteArrayList<>();

    static Settings of(Installation installation, CommandLine line) throws StartException {
        Map<Flag, String> values = new EnumMap<>(Flag.class);
        for (Flag flag : Flag.values()) {
            values.put(flag, line.value(flag));
        }
        // A path that is given is relative to where the user stands; ours belong to the installation.
        if (!line.given().containsKey(Flag.CONFIG_FILE)) {
            values.put(
                    Flag.CONFIG_FILE,
                    installation.home().resolve("conf/prometheus.yml").toString());
        }
        if (!line.given().containsKey(Flag.STORAGE_PATH)) {
            values.put(Flag.STORAGE_PATH, installation.home().resolve("data").toString());
        }
        Path storage = Path.of(values.get(Flag.STORAGE_PATH)).toAbsolutePath().normalize();
        String[] addresses = values.get(Flag.WEB_LISTEN_ADDRESS).split(",");
        return new Settings(
                installation,
                values,
                storage,
                storage.resolve("narthex"),
                ListenAddress.parse(addresses[0]),
                addresses.length,
                ExternalPath.served(values.get(Flag.WEB_ROUTE_PREFIX), values.get(Flag.WEB_EXTERNAL_URL)),
                ExternalPath.seen(values.get(Flag.WEB_ROUTE_PREFIX), values.get(Flag.WEB_EXTERNAL_URL)));
    }

    String value(Flag flag) {
        return values.get(flag);
    }

    /** Finds out what would make the start fail later, when it could not be told in one line any more. */
    void check() throws StartException {
        checkReadable(Flag.CONFIG_FILE);
        for (Flag file : List.of(Flag.ALERTMANAGER_CONFIG_FILE, Flag.PROBE_CONFIG_FILE)) {
            if (!value(file).isEmpty()) {
                checkReadable(file);
            }
        }
        checkExpression(Flag.WEB_CORS_ORIGIN);
        checkWritable();
        address.check();
        takeStateFolder();
    }

    private void checkReadable(Flag flag) throws StartException {
        String file = value(flag);
        // Opened, not asked for: an access check says yes to root where opening says no, and a folder opens only for
        // listing.
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            in.read();
        } catch (IOException e) {
            throw new StartException(
                    CommandLine.BAD_VALUE,
                    "cannot read the file of --" + flag.flagName() + ", " + file + ": " + reason(e));
        }
    }

    private void checkExpression(Flag flag) throws StartException {
        try {
            Regex.compile(value(flag));
        } catch (IllegalArgumentException e) {
            throw new StartException(CommandLine.BAD_VALUE, "--" + flag.flagName() + ": " + e.getMessage());
        }
    }

    private void checkWritable() throws StartException {
        try {
            Files.createDirectories(stateFolder);
            Files.delete(Files.createTempFile(stateFolder, "start", ".tmp"));
        } catch (IOException e) {
            throw new StartException(
                    CommandLine.USAGE, "cannot write to the data folder " + storage + ": " + reason(e));
        }
    }

    /** Two processes cannot share the framework's folder. The lock goes with the process, however it ends. */
    @SuppressWarnings("resource") // held as long as the process lives
    private void takeStateFolder() throws StartException {
        Path file = stateFolder.resolve("process.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw inUse();
            }
            HELD.add(channel);
        } catch (OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            throw new StartException(CommandLine.USAGE, "cannot lock " + file + ": " + reason(e));
        }
    }

    private StartException inUse() {
        return new StartException(CommandLine.USAGE, "the data folder " + storage + " is in use by another process");
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is not a folder";
        }
        return e instanceof FileSystemException refused && refused.getReason() != null
                ? refused.getReason()
                : e.getMessage();
    }

    /** Where a person on this machine finds Narthex. */
    String url(int port) {
        return "http://" + address.reachableHost() + ":" + port + path;
    }
}
