package org.narthex.alert.dispatch;

import java.time.InstantSource;
import java.util.List;

import org.narthex.api.alert.AlertDesk;
import org.narthex.api.model.Matcher;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The desk as others see it: each call is done by the dispatcher's thread. */
@Component(service = AlertDesk.class)
public final class BuiltInDesk implements AlertDesk {
    private final AlertDispatch dispatch;
    private final InstantSource clock;

    @Activate
    public BuiltInDesk(@Reference(name = "dispatch") AlertDispatch dispatch) {
        this.dispatch = dispatch;
        this.clock = dispatch.clock();
    }

    @Override
    public List<Acknowledgement> acknowledgements() {
        return dispatch.call(dispatcher -> dispatcher.desk().inForce(clock.millis()));
    }

    @Override
    public List<Acknowledgement> acknowledge(
            List<Matcher> which, String by, String comment, long untilMs, long resolveAfterMs) {
        return dispatch.call(dispatcher ->
                dispatcher.deskWork().acknowledge(which, by, comment, untilMs, resolveAfterMs, clock.millis()));
    }

    @Override
    public int unacknowledge(List<Matcher> which, String by) {
        return dispatch.call(dispatcher -> dispatcher.deskWork().unacknowledge(which, by, clock.millis()));
    }

    @Override
    public List<String> snooze(List<Matcher> which, String by, String comment, long untilMs) {
        return dispatch.call(dispatcher -> dispatcher.deskWork().snooze(which, by, comment, untilMs, clock.millis()));
    }

    @Override
    public int end(List<Matcher> which, String by, String comment) {
        return dispatch.call(dispatcher -> dispatcher.deskWork().end(which, by, comment, clock.millis()));
    }

    @Override
    public List<RecurringSilence> recurringSilences() {
        return dispatch.call(dispatcher -> dispatcher.silences().recurring());
    }

    @Override
    public String put(RecurringSilence draft) {
        return dispatch.call(dispatcher -> {
            String id = dispatcher.silences().put(draft, clock.millis());
            dispatcher.history().silence(clock.millis(), Kind.RECURRING_SILENCE_PUT, id, draft.by(), draft.comment());
            return id;
        });
    }

    @Override
    public void removeRecurring(String id, String by) {
        dispatch.call(dispatcher -> {
            dispatcher.silences().removeRecurring(id);
            dispatcher.history().silence(clock.millis(), Kind.RECURRING_SILENCE_REMOVED, id, by, "");
            return id;
        });
    }

    @Override
    public List<Event> history(String subject, List<Matcher> which, long fromMs, long toMs, int limit) {
        return dispatch.call(dispatcher -> dispatcher.history().find(subject, which, fromMs, toMs, limit));
    }
}
