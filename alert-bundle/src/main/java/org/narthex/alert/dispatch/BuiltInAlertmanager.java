package org.narthex.alert.dispatch;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.Silence;
import org.narthex.api.config.AlertingConfig;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Alertmanager as others see it: each call is done by the dispatcher's thread. */
@Component(service = Alertmanager.class)
public final class BuiltInAlertmanager implements Alertmanager {
    private final AlertDispatch dispatch;
    private final InstantSource clock;

    @Activate
    public BuiltInAlertmanager(@Reference(name = "dispatch") AlertDispatch dispatch) {
        this.dispatch = dispatch;
        this.clock = dispatch.clock();
    }

    private <T> T call(Function<Dispatcher, T> code) {
        return dispatch.call(code);
    }

    @Override
    public boolean isOn() {
        return dispatch.config().isPresent();
    }

    @Override
    public AlertingConfig config() {
        return dispatch.config().orElseThrow(() -> new IllegalStateException("the Alertmanager is off"));
    }

    @Override
    public long startedAtMs() {
        return dispatch.startedAtMs();
    }

    @Override
    public List<AlertState> alerts() {
        return call(dispatcher -> dispatcher.alertStates(clock.millis()));
    }

    @Override
    public List<GroupState> groups() {
        return call(dispatcher -> dispatcher.groupStates(clock.millis()));
    }

    @Override
    public void post(List<PostedAlert> alerts) {
        call(dispatcher -> {
            long nowMs = clock.millis();
            List<RaisedAlert> raised = new ArrayList<>();
            for (PostedAlert posted : alerts) {
                raised.add(raised(posted, nowMs));
            }
            dispatcher.accept(raised, nowMs);
            return raised.size();
        });
    }

    /** As Alertmanager: an alert that does not say since when it has been raised began with its end, or else now. */
    static RaisedAlert raised(PostedAlert posted, long nowMs) {
        long endsAtMs = posted.endsAtMs();
        long unsaid = endsAtMs != 0 ? endsAtMs : nowMs;
        long startsAtMs = posted.startsAtMs() != 0 ? posted.startsAtMs() : unsaid;
        boolean over = endsAtMs != 0 && endsAtMs <= nowMs;
        return new RaisedAlert(
                new Alert(
                        posted.labels(), posted.annotations(), startsAtMs, over ? endsAtMs : 0, posted.generatorUrl()),
                endsAtMs);
    }

    @Override
    public List<Silence> silences() {
        return call(dispatcher -> dispatcher.silences().all());
    }

    @Override
    public Optional<Silence> silence(String id) {
        return call(dispatcher -> dispatcher.silences().find(id));
    }

    @Override
    public String put(Silence silence) {
        return call(dispatcher -> {
            String id = dispatcher.silences().put(silence, clock.millis());
            dispatcher.history().silence(clock.millis(), Kind.SILENCE_PUT, id, silence.createdBy(), silence.comment());
            return id;
        });
    }

    @Override
    public void expire(String id) {
        call(dispatcher -> {
            dispatcher.silences().expire(id, clock.millis());
            dispatcher.history().silence(clock.millis(), Kind.SILENCE_EXPIRED, id, "", "");
            return id;
        });
    }
}
