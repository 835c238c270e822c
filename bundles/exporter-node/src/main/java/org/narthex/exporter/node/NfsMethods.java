package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The procedures of NFS in the order the kernel counts them, under node_exporter's names. */
final class NfsMethods {
    static final String[] V2 = names("Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove Rename"
            + " Link SymLink MkDir RmDir ReadDir FsStat");
    static final String[] V3 = names("Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink MkNod"
            + " Remove RmDir Rename Link ReadDir ReadDirPlus FsStat FsInfo PathConf Commit");
    static final String[] CLIENT_V4 = names(
            "Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close"
                    + " Setattr FsInfo Renew SetClientID SetClientIDConfirm Lock Lockt Locku Access Getattr Lookup LookupRoot"
                    + " Remove Rename Link Symlink Create Pathconf StatFs ReadLink ReadDir ServerCaps DelegReturn GetACL SetACL"
                    + " FsLocations ReleaseLockowner Secinfo FsidPresent ExchangeID CreateSession DestroySession Sequence"
                    + " GetLeaseTime ReclaimComplete LayoutGet GetDeviceInfo LayoutCommit LayoutReturn SecinfoNoName TestStateID"
                    + " FreeStateID GetDeviceList BindConnToSession DestroyClientID Seek Allocate DeAllocate LayoutStats Clone");
    /**
     * A dash is a number that is not written. node_exporter takes the numbers of SetClientID and its confirmation for those of Verify and Write, which
     * come two later: this does not.
     */
    static final String[] SERVER_V4 = names("- - - Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link"
            + " Lock Lockt Locku Lookup LookupRoot Nverify Open OpenAttr OpenConfirm OpenDgrd PutFH - - Read ReadDir"
            + " ReadLink Remove Rename Renew RestoreFH SaveFH SecInfo SetAttr - - Verify Write RelLockOwner");

    private NfsMethods() {}

    private static String[] names(String names) {
        return KernelFiles.words(names).toArray(String[]::new);
    }

    /**
     * Writes the counts of one version's procedures; those a kernel does not know are 0.
     *
     * @param words a line such as {@code proc3 22 0 1 …}: what it is, how many numbers follow, and these
     */
    static void write(
            MetricSink sink,
            String family,
            String help,
            String file,
            String version,
            String[] methods,
            List<String> words)
            throws IOException {
        sink.family(family, MetricType.COUNTER, help);
        for (int i = 0; i < methods.length; i++) {
            if (!methods[i].equals("-")) {
                double count = i + 2 < words.size() ? KernelFiles.number(file, words.get(i + 2)) : 0;
                sink.sample(family, count, "proto", version, "method", methods[i]);
            }
        }
    }
}
