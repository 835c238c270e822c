package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** XFS file systems from {@code /sys/fs/xfs}: lines of numbers, each after a word that says what they are. */
final class XfsCollector implements Collector {
    private static final String FOLDER = "fs/xfs";

    private static final List<Group> GROUPS = List.of(
            new Group(
                    "extent_alloc",
                    "extent_allocation_extents_allocated|Number of extents allocated for a filesystem.",
                    "extent_allocation_blocks_allocated|Number of blocks allocated for a filesystem.",
                    "extent_allocation_extents_freed|Number of extents freed for a filesystem.",
                    "extent_allocation_blocks_freed|Number of blocks freed for a filesystem."),
            new Group(
                    "abt",
                    "allocation_btree_lookups|Number of allocation B-tree lookups for a filesystem.",
                    "allocation_btree_compares|Number of allocation B-tree compares for a filesystem.",
                    "allocation_btree_records_inserted|Number of allocation B-tree records inserted for a filesystem.",
                    "allocation_btree_records_deleted|Number of allocation B-tree records deleted for a filesystem."),
            new Group(
                    "blk_map",
                    "block_mapping_reads|Number of block map for read operations for a filesystem.",
                    "block_mapping_writes|Number of block map for write operations for a filesystem.",
                    "block_mapping_unmaps|Number of block unmaps (deletes) for a filesystem.",
                    "block_mapping_extent_list_insertions|Number of extent list insertions for a filesystem.",
                    "block_mapping_extent_list_deletions|Number of extent list deletions for a filesystem.",
                    "block_mapping_extent_list_lookups|Number of extent list lookups for a filesystem.",
                    "block_mapping_extent_list_compares|Number of extent list compares for a filesystem."),
            new Group(
                    "bmbt",
                    "block_map_btree_lookups|Number of block map B-tree lookups for a filesystem.",
                    "block_map_btree_compares|Number of block map B-tree compares for a filesystem.",
                    "block_map_btree_records_inserted|Number of block map B-tree records inserted for a filesystem.",
                    "block_map_btree_records_deleted|Number of block map B-tree records deleted for a filesystem."),
            new Group(
                    "dir",
                    "directory_operation_lookup|Number of file name directory lookups which miss the operating systems"
                            + " directory name lookup cache.",
                    "directory_operation_create|Number of times a new directory entry was created for a filesystem.",
                    "directory_operation_remove|Number of times an existing directory entry was created for a filesystem.",
                    "directory_operation_getdents|Number of times the directory getdents operation was performed for a"
                            + " filesystem."),
            new Group(
                    "ig",
                    "inode_operation_attempts|Number of times the OS looked for an XFS inode in the inode cache.",
                    "inode_operation_found|Number of times the OS looked for and found an XFS inode in the inode cache.",
                    "inode_operation_recycled|Number of times the OS found an XFS inode in the cache, but could not use it"
                            + " as it was being recycled.",
                    "inode_operation_missed|Number of times the OS looked for an XFS inode in the cache, but did not find"
                            + " it.",
                    "inode_operation_duplicates|Number of times the OS tried to add a missing XFS inode to the inode cache,"
                            + " but found it had already been added by another process.",
                    "inode_operation_reclaims|Number of times the OS reclaimed an XFS inode from the inode cache to free"
                            + " memory for another purpose.",
                    "inode_operation_attribute_changes|Number of times the OS explicitly changed the attributes of an XFS"
                            + " inode."),
            new Group(
                    "rw",
                    "write_calls|Number of write(2) system calls made to files in a filesystem.",
                    "read_calls|Number of read(2) system calls made to files in a filesystem."),
            new Group(
                    "vnodes",
                    "vnode_active|Number of vnodes not on free lists for a filesystem.",
                    "vnode_allocate|Number of times vn_alloc called for a filesystem.",
                    "vnode_get|Number of times vn_get called for a filesystem.",
                    "vnode_hold|Number of times vn_hold called for a filesystem.",
                    "vnode_release|Number of times vn_rele called for a filesystem.",
                    "vnode_reclaim|Number of times vn_reclaim called for a filesystem.",
                    "vnode_remove|Number of times vn_remove called for a filesystem."));

    private final KernelFiles sys;

    XfsCollector(KernelFiles sys) {
        this.sys = sys;
    }

    /** A line and its columns. */
    private static final class Group {
        private final String line;
        private final String[] names;
        private final String[] helps;

        /** @param columns each a part of the name, a bar, and the help */
        Group(String line, String... columns) {
            this.line = line;
            names = new String[columns.length];
            helps = new String[columns.length];
            for (int i = 0; i < columns.length; i++) {
                int bar = columns[i].indexOf('|');
                names[i] = "node_xfs_" + columns[i].substring(0, bar) + "_total";
                helps[i] = columns[i].substring(bar + 1);
            }
        }
    }

    @Override
    public String name() {
        return "xfs";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String device : sys.names(FOLDER)) {
            String file = FOLDER + "/" + device + "/stats/stats";
            // Beside the devices stands a folder of the sums over all.
            if (!device.equals("stats") && sys.file(file).exists()) {
                write(sink, device, file);
            }
        }
    }

    private void write(MetricSink sink, String device, String file) throws IOException {
        KeyedLines lines = new KeyedLines(sys, file);
        for (Group group : GROUPS) {
            for (int i = 0; i < group.names.length; i++) {
                sink.counter(group.names[i], group.helps[i], lines.number(group.line, i + 1), "device", device);
            }
        }
    }
}
