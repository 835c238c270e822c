package org.narthex.alert.dispatch;

import java.util.Optional;

import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Section;

/**
 * Names a section of a receiver over reloads and restarts.
 *
 * @param index among the receiver's sections of the type, from 0
 */
record SectionKey(String receiver, String type, int index) {
    static SectionKey of(Receiver receiver, int position) {
        String type = receiver.sections().get(position).type();
        int index = 0;
        for (int i = 0; i < position; i++) {
            index += receiver.sections().get(i).type().equals(type) ? 1 : 0;
        }
        return new SectionKey(receiver.name(), type, index);
    }

    /** The section in the configuration, if it is still there. */
    Optional<Section> find(AlertingConfig config) {
        Receiver found = config.receivers().get(receiver);
        if (found == null) {
            return Optional.empty();
        }
        return found.sections().stream()
                .filter(section -> section.type().equals(type))
                .skip(index)
                .findFirst();
    }

    @Override
    public String toString() {
        return receiver + "/" + type + "[" + index + "]";
    }
}
