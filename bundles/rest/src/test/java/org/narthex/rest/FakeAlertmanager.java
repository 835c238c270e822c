package org.narthex.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.Silence;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.model.Labels;

/** Answers what it is told to. */
final class FakeAlertmanager implements Alertmanager {
    final List<AlertState> alerts = new ArrayList<>();
    final List<PostedAlert> posted = new ArrayList<>();
    final Map<String, Silence> silences = new LinkedHashMap<>();
    boolean on = true;

    @Override
    public boolean isOn() {
        return on;
    }

    @Override
    public AlertingConfig config() {
        Route root = new Route("team", List.of(), false, 0, 1, 1, List.of(), false, List.of());
        return new AlertingConfig(
                1,
                root,
                Map.of(
                        "team",
                        new Receiver("team", Labels.of("name", "team", "owner", "ann"), List.of()),
                        "other",
                        new Receiver("other", List.of())),
                List.of(),
                Map.of(),
                List.of(),
                "route:\n  receiver: team\n");
    }

    @Override
    public long startedAtMs() {
        return TestApi.CLOCK.millis() - 60_000;
    }

    @Override
    public List<AlertState> alerts() {
        return alerts;
    }

    @Override
    public List<GroupState> groups() {
        return List.of(
                new GroupState("team", Labels.of("a", "2"), Labels.of("pager", "1"), alerts),
                new GroupState("other", Labels.of("a", "1"), Labels.EMPTY, List.of(alerts.get(0))));
    }

    @Override
    public void post(List<PostedAlert> more) {
        posted.addAll(more);
    }

    @Override
    public List<Silence> silences() {
        return List.copyOf(silences.values());
    }

    @Override
    public Optional<Silence> silence(String id) {
        return Optional.ofNullable(silences.get(id));
    }

    @Override
    public String put(Silence silence) {
        if (!silence.id().isEmpty() && !silences.containsKey(silence.id())) {
            throw new NoSuchElementException("silence not found");
        }
        if (silence.startsAtMs() >= silence.endsAtMs()) {
            throw new IllegalArgumentException("start time must be before end time");
        }
        silences.put("new", silence);
        return "new";
    }

    @Override
    public void expire(String id) {
        if (!silences.containsKey(id)) {
            throw new NoSuchElementException("silence not found");
        }
        if (silences.get(id).endsAtMs() <= TestApi.CLOCK.millis()) {
            throw new IllegalArgumentException("silence " + id + " already expired");
        }
    }
}
