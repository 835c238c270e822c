package org.narthex.tsdb.wal;

/** How records are compressed when they are written; whatever it is, records of all kinds are read. */
public enum WalCompression {
    NONE,
    SNAPPY,
    ZSTD
}
