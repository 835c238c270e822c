package org.narthex.tsdb.head;

import java.io.IOException;

import org.narthex.tsdb.wal.WalWriter;

/** The two logs of a head, both in the same format: for samples in order, and for those out of order. */
public interface Logs {
    /** The write-ahead log. */
    WalWriter wal();

    /** The write-behind log; made when it is first asked for. */
    WalWriter wbl() throws IOException;

    /** Forgets what was gathered and not flushed. */
    void discard();
}
