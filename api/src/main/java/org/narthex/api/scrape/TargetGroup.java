package org.narthex.api.scrape;

import java.util.List;

import org.narthex.api.model.Labels;

/**
 * Targets that were discovered together.
 *
 * @param source names the group uniquely within its discovery, e.g. the file; a later group of the same source replaces it
 * @param targets one label set each, with at least {@code __address__}
 * @param labels added to each target where it does not have them
 */
public record TargetGroup(String source, List<Labels> targets, Labels labels) {
    public TargetGroup {
        targets = List.copyOf(targets);
    }
}
