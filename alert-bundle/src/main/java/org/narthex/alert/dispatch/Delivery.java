package org.narthex.alert.dispatch;

import org.narthex.api.alert.Notification;

/**
 * A notification on its way to one section of a receiver.
 *
 * @param id ascending in the order they were made
 * @param createdMs in milliseconds since the epoch
 * @param giveUpMs when it is of no use to anybody any more
 */
record Delivery(long id, SectionKey section, Notification notification, long createdMs, long giveUpMs) {
    /** Deliveries of one lane go one after the other. */
    String lane() {
        return section + " " + notification.groupKey();
    }
}
