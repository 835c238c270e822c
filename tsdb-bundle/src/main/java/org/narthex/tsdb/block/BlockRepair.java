package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.tsdb.fault.FailPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends blocks of one early Prometheus 2 version, which wrote version 2 into {@code meta.json} where 1 belongs, and 1 into the index, whose layout
 * was already that of version 2.
 */
public final class BlockRepair {
    private static final Logger LOG = LoggerFactory.getLogger(BlockRepair.class);
    private static final int INDEX_VERSION_AT = 4;

    private BlockRepair() {}

    /** Mends the block if it has that fault; does nothing else. */
    public static void repair(Path folder) throws IOException {
        Path metaFile = folder.resolve(BlockMeta.FILE);
        Path indexFile = folder.resolve("index");
        if (!Files.isRegularFile(metaFile) || !Files.isRegularFile(indexFile)) {
            return;
        }
        Map<String, Object> meta =
                new LinkedHashMap<>(Json.parseMap(metaFile.toString(), Files.readAllBytes(metaFile)));
        if (!Long.valueOf(2).equals(meta.get("version"))) {
            return;
        }
        byte[] index = Files.readAllBytes(indexFile);
        if (index.length > INDEX_VERSION_AT && index[INDEX_VERSION_AT] == 1) {
            index[INDEX_VERSION_AT] = 2;
            SyncedFiles.replace(indexFile, index, FailPoint.META_WRITE);
        }
        meta.put("version", 1L);
        SyncedFiles.replace(metaFile, Json.write(meta), FailPoint.META_WRITE);
        LOG.info("mended block {}, written by an early version of Prometheus", folder);
    }
}
