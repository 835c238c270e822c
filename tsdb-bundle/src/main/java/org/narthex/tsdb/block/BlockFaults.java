package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Path;

/** Takes note of damage met while a block is read. Called by several threads. */
@FunctionalInterface
public interface BlockFaults {
    void damaged(Path block, IOException why);
}
