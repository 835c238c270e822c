package org.narthex.tsdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

import org.narthex.tsdb.head.Logs;
import org.narthex.tsdb.wal.WalCompression;
import org.narthex.tsdb.wal.WalWriter;

/** The logs of the data folder, open for writing: {@code wal}, and {@code wbl} once there are out-of-order samples. */
final class HeadLogs implements Logs, Closeable {
    private final Path wblFolder;
    private final long segmentBytes;
    private final WalCompression compression;
    private final WalWriter wal;
    private volatile WalWriter wbl;

    HeadLogs(Path folder, long segmentBytes, WalCompression compression) throws IOException {
        this.wblFolder = folder.resolve("wbl");
        this.segmentBytes = segmentBytes;
        this.compression = compression;
        wal = new WalWriter(folder.resolve("wal"), segmentBytes, compression);
    }

    @Override
    public WalWriter wal() {
        return wal;
    }

    @Override
    public WalWriter wbl() throws IOException {
        if (wbl == null) {
            wbl = new WalWriter(wblFolder, segmentBytes, compression);
        }
        return wbl;
    }

    /** Whether any out-of-order sample was logged since the start. */
    boolean hasWbl() {
        return wbl != null;
    }

    @Override
    public void discard() {
        wal.discard();
        if (wbl != null) {
            wbl.discard();
        }
    }

    /** Forces everything flushed so far to the disk. */
    void sync() throws IOException {
        if (wbl != null) {
            wbl.sync();
        }
        wal.sync();
    }

    @Override
    public void close() throws IOException {
        try {
            if (wbl != null) {
                wbl.close();
            }
        } finally {
            wal.close();
        }
    }
}
