package org.narthex.tsdb.head;

import java.io.IOException;

import org.narthex.tsdb.wal.WalWriter;

/** A write-ahead log alone. */
record TestLogs(WalWriter wal) implements Logs {
    @Override
    public WalWriter wbl() throws IOException {
        throw new IOException("no log for out-of-order samples");
    }

    @Override
    public void discard() {
        wal.discard();
    }
}
