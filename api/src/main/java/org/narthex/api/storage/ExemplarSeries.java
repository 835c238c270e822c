package org.narthex.api.storage;

import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;

/**
 * Exemplars of one series.
 *
 * @param exemplars in ascending time, not empty
 */
public record ExemplarSeries(Labels series, List<Exemplar> exemplars) {
    public ExemplarSeries {
        exemplars = List.copyOf(exemplars);
    }
}
