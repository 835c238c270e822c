package org.narthex.scrape.text;

import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.MetricType;

/**
 * Pulls samples out of a page. {@link #next} moves to the next sample; the getters tell about it. A page usually lists the same series in the same
 * order as last time, so the caller predicts the next series and a right guess is checked by one comparison of bytes.
 *
 * <p>May be {@linkplain #reset used again}. Not thread-safe.
 */
public interface PageParser {
    /**
     * Starts a page.
     *
     * @param page must be longer than {@code length} by at least one byte, which is overwritten
     * @param families told about metadata as it is passed
     */
    void reset(byte[] page, int length, FamilySink families);

    /**
     * Moves to the next sample.
     *
     * @return false at the end of the page
     * @throws PageFormatException the page is not in the format
     */
    boolean next(Prediction prediction) throws PageFormatException;

    /** The array that holds the bytes which name the series; they are the same in each page of a target. */
    byte[] series();

    int seriesStart();

    /** Exclusive. */
    int seriesEnd();

    /** Whether the series is the predicted one. */
    boolean predicted();

    /** Takes apart the name of the series. */
    void read(SeriesText into) throws PageFormatException;

    /** The value; meaningless if there is a {@link #histogram}. */
    double value();

    /** The native histogram; null if the sample is a float. */
    Histogram histogram();

    boolean hasTimestamp();

    /** Milliseconds since the epoch, as the page gave it. */
    long timestampMs();

    /** The type declared last. */
    MetricType type();

    /** A hash of the name of the family declared last, to tell families apart. */
    int familyHash();

    /** The unit of the family declared last; empty if none is. */
    String unit();

    /** Since when the sample has been counting, in milliseconds since the epoch; 0 if the page does not say. */
    long startTimestampMs() throws PageFormatException;

    /** A hash of everything in the sample's exemplars; 0 if it has none. */
    long exemplarHash();

    /**
     * Adds the sample's exemplars.
     *
     * @param timeMs of those without a time of their own; 0 to leave these out
     */
    void exemplars(long timeMs, List<Exemplar> into) throws PageFormatException;
}
