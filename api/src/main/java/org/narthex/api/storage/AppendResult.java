package org.narthex.api.storage;

/** What became of one sample of a batch. */
public enum AppendResult {
    /** Not yet given to a storage. */
    PENDING,
    /** Kept. A sample equal in time and value to the newest one counts as kept, though nothing is added. */
    OK,
    /** Same timestamp as the newest sample, another value. */
    DUPLICATE,
    /** Older than the newest sample of its series. */
    OUT_OF_ORDER,
    /** Older than what the storage still takes, or too far in the future. */
    OUT_OF_BOUNDS,
    /** Older than the out-of-order window allows. */
    TOO_OLD,
    /** The labels are empty. */
    INVALID_LABELS,
    /** Came with a reference and without labels, and the storage does not know the reference (any more): append it again with labels. */
    UNKNOWN_REF,
    /** A histogram that contradicts itself ({@link org.narthex.api.model.Histogram#problem()}), or an exemplar whose labels are too long. */
    INVALID_VALUE,
    /** Of a new series, and the storage takes no more of them. */
    SERIES_LIMIT
}
