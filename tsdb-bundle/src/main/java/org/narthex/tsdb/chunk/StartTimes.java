package org.narthex.tsdb.chunk;

/**
 * Since when samples have been counting, at the end of each sample of those encodings that keep it, in the order of the samples. A header byte says for
 * which samples: bit 7 for the first one, the other bits from which sample on (1 to 127, 0 for none); samples in between have the start of the one before
 * them. Milliseconds, 0 for unknown.
 *
 * <pre>
 * sample 0               varint t0 - start
 * first of the others    varbit int: t before - start
 * the rest               varbit int: change of that
 * </pre>
 */
final class StartTimes {
    private static final int FIRST_KNOWN = 0x80;
    private static final int FROM = 0x7f;

    private int header;
    private long startMs;
    /** Between the time of the sample before and the start. */
    private long distance;

    /** For reading; 0 for writing. */
    void begin(int headerByte) {
        header = headerByte;
        startMs = 0;
        distance = 0;
    }

    int header() {
        return header;
    }

    /**
     * @param mayChange whether starts of samples to come may differ; if none does, none is written, but the header can only say so of a sample within
     *     its reach
     */
    void write(int sample, long t, long previousT, long start, boolean mayChange, BitSink sink) {
        if (sample == 0) {
            if (start != 0) {
                header = FIRST_KNOWN;
                Varbit.writeZigZagBytes(t - start, sink);
            }
        } else {
            if ((header & FROM) == 0) {
                if (start == startMs && !(sample == FROM && mayChange)) {
                    return;
                }
                header |= sample;
            }
            Varbit.writeInt(previousT - start - distance, sink);
            distance = previousT - start;
        }
        startMs = start;
    }

    long read(int sample, long t, long previousT, BitReader in) {
        if (sample == 0) {
            if ((header & FIRST_KNOWN) != 0) {
                startMs = t - in.varint();
            }
        } else if ((header & FROM) != 0 && sample >= (header & FROM)) {
            distance += in.varbitInt();
            startMs = previousT - distance;
        }
        return startMs;
    }
}
