package org.narthex.api.model;

/**
 * What a target says about a metric family.
 *
 * @param unit empty if none is given
 * @param help empty if none is given
 */
public record Metadata(MetricType type, String unit, String help) {}
