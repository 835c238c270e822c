package org.narthex.tsdb.index;

import java.io.IOException;

/** All label names and values of an index to be, ascending by their UTF-8 bytes, each once; can be gone through several times. */
public interface SymbolSource {
    int count();

    void forEach(Sink sink) throws IOException;

    /** Takes one string after the other. */
    @FunctionalInterface
    interface Sink {
        void symbol(byte[] utf8) throws IOException;
    }
}
