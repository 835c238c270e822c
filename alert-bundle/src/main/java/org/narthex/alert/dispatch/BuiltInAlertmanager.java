package org.narthex.alert.dispatch;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.Silence;
import org.narthex.api.config.AlertingConfig;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Alertmanager as others see it: each call is done by the dispatcher's thread. */
@Component(service = Alertmanager.class)
public final class BuiltInAlertmanager implements Alertmanager {
    /** Longer than the dispatcher ever takes for a step unless its disk hangs. */
    private static final long PATIENCE_SECONDS = 20;

    private final AlertDispatch dispatch;
    private final InstantSource clock;

    @Activate
    public BuiltInAlertmanager(@Reference(name = "dispatch") AlertDispatch dispatch) {
        this.dispatch = dispatch;
        this.clock = dispatch.clock();
    }

    private <T> T call(Function<Dispatcher, T> code) {
        CompletableFuture<T> answer = dispatch.ask(code);
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the Alertmanager does not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
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

    private static RaisedAlert raised(PostedAlert posted, long nowMs) {
        long endsAtMs = posted.endsAtMs();
        long startsAtMs =
                posted.startsAtMs() != 0 ? posted.startsAtMs() : endsAtMs != 0 ? Math.min(endsAtMs, nowMs) : nowMs;
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
        return call(dispatcher -> dispatcher.silences().put(silence, clock.millis()));
    }

    @Override
    public void expire(String id) {
        call(dispatcher -> {
            dispatcher.silences().expire(id, clock.millis());
            return id;
        });
    }
}
