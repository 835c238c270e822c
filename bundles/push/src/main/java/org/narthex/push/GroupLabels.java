package org.narthex.push;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.MetricFamily;

/** Puts the labels of a group onto what was pushed to it. */
final class GroupLabels {
    private GroupLabels() {}

    /** Labels of the group win. The times that the gateway itself exposes are left out. */
    static List<MetricFamily> onto(List<MetricFamily> families, Labels group) throws InconsistentPushException {
        List<MetricFamily> labelled = new ArrayList<>(families.size());
        for (MetricFamily family : families) {
            if (family.name().equals(PushedGroup.PUSH_TIME) || family.name().equals(PushedGroup.FAILURE_TIME)) {
                continue;
            }
            List<MetricFamily.Sample> samples = new ArrayList<>(family.samples().size());
            for (MetricFamily.Sample sample : family.samples()) {
                if (sample.timestampMs().isPresent()) {
                    throw new InconsistentPushException("pushed metrics must not have timestamps");
                }
                samples.add(new MetricFamily.Sample(
                        sample.name(), labels(sample.labels(), group), sample.value(), sample.timestampMs()));
            }
            labelled.add(new MetricFamily(family.name(), family.type(), family.help(), samples));
        }
        return labelled;
    }

    private static Labels labels(Labels pushed, Labels group) {
        Labels.Builder labels = pushed.toBuilder();
        for (int i = 0; i < group.size(); i++) {
            labels.set(group.name(i), group.value(i));
        }
        return labels.build();
    }
}
