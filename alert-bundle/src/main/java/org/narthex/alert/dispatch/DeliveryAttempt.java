package org.narthex.alert.dispatch;

import java.io.IOException;
import java.util.function.Consumer;

import org.narthex.alert.template.TemplateException;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.AlertingConfig.Section;

/**
 * One try to deliver: the guard between us and a channel that strangers wrote.
 *
 * @param memo what the channel wanted to know when it was last called for the lane
 */
record DeliveryAttempt(
        Delivery delivery,
        String memo,
        AlertChannel channel,
        Section section,
        SectionTemplates templates,
        Consumer<Outcome> done)
        implements Runnable {
    @Override
    public void run() {
        long start = System.nanoTime();
        Outcome.Kind kind = Outcome.Kind.DELIVERED;
        String reason = "";
        String nextMemo = memo;
        try {
            Notification notification = delivery.notification();
            nextMemo = channel.send(notification, templates.execute(section, notification), memo);
        } catch (TemplateException e) {
            // It would fail the same way again.
            kind = Outcome.Kind.REJECTED;
            reason = reason(e);
        } catch (RejectedException e) {
            kind = Outcome.Kind.REJECTED;
            reason = reason(e);
        } catch (IOException e) {
            kind = Outcome.Kind.FAILED;
            reason = reason(e);
        } catch (RuntimeException | LinkageError e) {
            // A fault in the channel, or its bundle is just going away: either may pass.
            kind = Outcome.Kind.FAILED;
            reason = e.toString();
        }
        done.accept(new Outcome(delivery, kind, reason, (System.nanoTime() - start) / 1e9, nextMemo));
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
