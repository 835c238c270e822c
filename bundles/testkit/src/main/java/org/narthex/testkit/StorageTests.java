package org.narthex.testkit;

/** A topic of {@link StorageContract}: tests only, what they need comes from the probe. */
interface StorageTests {
    /** The storage under test, open and empty at the start of each test. */
    StorageProbe probe();
}
