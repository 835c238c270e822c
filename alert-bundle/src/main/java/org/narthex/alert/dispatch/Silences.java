package org.narthex.alert.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;

import org.narthex.api.alert.AlertDesk.RecurringSilence;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Matcher;

/** All silences, kept in the database. Belongs to the dispatcher's thread. */
final class Silences {
    private static final long MINUTE_MS = 60_000;

    private final AlertDatabase database;
    private final DispatchSettings settings;
    private final Map<String, Silence> byId = new LinkedHashMap<>();
    private final Map<String, RecurringSilence> recurring = new LinkedHashMap<>();
    /** Those in force until {@link #changesAtMs}. */
    private List<Active> active = List.of();

    /** A silence of either kind. */
    private record Active(String id, List<Matcher> matchers) {}

    private long changesAtMs;
    /** Counts the changes of {@link #active}, so that what an alert is silenced by is found out once. */
    private long generation;

    Silences(AlertDatabase database, DispatchSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    void restore(Collection<Silence> silences, Collection<RecurringSilence> recurringOnes) {
        silences.forEach(silence -> byId.put(silence.id(), silence));
        recurringOnes.forEach(silence -> recurring.put(silence.id(), silence));
        changesAtMs = 0;
    }

    List<Silence> all() {
        return List.copyOf(byId.values());
    }

    Optional<Silence> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * Makes or changes one.
     *
     * @return its id
     * @throws IllegalArgumentException if it is not valid
     * @throws NoSuchElementException if it names an id that is not known
     */
    String put(Silence draft, long nowMs) {
        check(draft, nowMs);
        if (!draft.id().isEmpty()) {
            Silence before = known(draft.id());
            if (mayChange(before, draft, nowMs)) {
                save(withTimes(draft, draft.id(), draft.startsAtMs(), draft.endsAtMs(), nowMs));
                return draft.id();
            }
            if (before.state(nowMs) != Silence.State.EXPIRED) {
                end(before, nowMs);
            }
        }
        if (settings.maxSilences() > 0 && byId.size() >= settings.maxSilences()) {
            throw new IllegalArgumentException(
                    "exceeded maximum number of silences: " + byId.size() + " (limit: " + settings.maxSilences() + ")");
        }
        String id = UUID.randomUUID().toString();
        save(withTimes(draft, id, Math.max(draft.startsAtMs(), nowMs), draft.endsAtMs(), nowMs));
        return id;
    }

    private void check(Silence draft, long nowMs) {
        if (settings.maxSilenceBytes() > 0) {
            int bytes = StateFormat.bytes(out -> StateFormat.write(out, draft)).length;
            if (bytes > settings.maxSilenceBytes()) {
                throw new IllegalArgumentException("silence exceeded maximum size: " + bytes + " bytes (limit: "
                        + settings.maxSilenceBytes() + " bytes)");
            }
        }
        if (draft.matchers().isEmpty()) {
            throw new IllegalArgumentException("invalid silence: at least one matcher required");
        }
        boolean matchesAll = true;
        for (Matcher matcher : draft.matchers()) {
            if (matcher.name().isEmpty()) {
                throw new IllegalArgumentException("invalid silence: invalid label name \"\"");
            }
            matchesAll &= AlertMatchers.matches(matcher, "");
        }
        if (matchesAll) {
            throw new IllegalArgumentException("invalid silence: at least one matcher must not match the empty string");
        }
        if (draft.startsAtMs() >= draft.endsAtMs()) {
            throw new IllegalArgumentException("start time must be before end time");
        }
        if (draft.endsAtMs() < nowMs) {
            throw new IllegalArgumentException("end time can't be in the past");
        }
    }

    /** What was in force stays as it was: only its end, its comment and what is still to come may change. */
    private static boolean mayChange(Silence before, Silence draft, long nowMs) {
        if (!before.matchers().equals(draft.matchers())) {
            return false;
        }
        return switch (before.state(nowMs)) {
            case ACTIVE -> draft.startsAtMs() == before.startsAtMs() && draft.endsAtMs() >= nowMs;
            case PENDING -> draft.startsAtMs() >= nowMs;
            case EXPIRED -> false;
        };
    }

    private static Silence withTimes(Silence silence, String id, long startsAtMs, long endsAtMs, long nowMs) {
        return new Silence(
                id,
                silence.matchers(),
                startsAtMs,
                endsAtMs,
                nowMs,
                silence.createdBy(),
                silence.comment(),
                silence.annotations());
    }

    /**
     * Ends one now.
     *
     * @throws IllegalArgumentException if it is over already
     * @throws NoSuchElementException if the id is not known
     */
    void expire(String id, long nowMs) {
        Silence silence = known(id);
        if (silence.state(nowMs) == Silence.State.EXPIRED) {
            throw new IllegalArgumentException("silence " + id + " already expired");
        }
        end(silence, nowMs);
    }

    private void end(Silence silence, long nowMs) {
        boolean pending = silence.state(nowMs) == Silence.State.PENDING;
        save(withTimes(silence, silence.id(), pending ? nowMs : silence.startsAtMs(), nowMs, nowMs));
    }

    private Silence known(String id) {
        Silence silence = byId.get(id);
        if (silence == null) {
            throw new NoSuchElementException("silence not found");
        }
        return silence;
    }

    private void save(Silence silence) {
        byId.put(silence.id(), silence);
        database.put(silence);
        changesAtMs = 0;
    }

    void forgetExpired(long beforeMs) {
        List<Silence> old = new ArrayList<>();
        byId.values().forEach(silence -> {
            if (silence.endsAtMs() < beforeMs) {
                old.add(silence);
            }
        });
        old.forEach(silence -> {
            byId.remove(silence.id());
            database.remove(silence);
        });
    }

    void writeAll() {
        byId.values().forEach(database::put);
        recurring.values().forEach(database::put);
    }

    /** The ids of those that silence the alert. */
    List<String> silencing(StoredAlert alert, long nowMs) {
        if (nowMs >= changesAtMs) {
            refresh(nowMs);
        }
        if (alert.silencesGeneration != generation) {
            List<String> found = new ArrayList<>();
            for (Active silence : active) {
                if (AlertMatchers.matchAll(silence.matchers(), alert.alert.labels())) {
                    found.add(silence.id());
                }
            }
            alert.silencedBy = found.isEmpty() ? List.of() : found;
            alert.silencesGeneration = generation;
        }
        return alert.silencedBy;
    }

    private void refresh(long nowMs) {
        List<Active> inForce = new ArrayList<>();
        // Recurring ones begin and end with a minute.
        changesAtMs = recurring.isEmpty() ? Long.MAX_VALUE : nowMs - Math.floorMod(nowMs, MINUTE_MS) + MINUTE_MS;
        Instant now = Instant.ofEpochMilli(nowMs);
        for (RecurringSilence silence : recurring.values()) {
            if (silence.when().contains(now)) {
                inForce.add(new Active(silence.id(), silence.matchers()));
            }
        }
        for (Silence silence : byId.values()) {
            switch (silence.state(nowMs)) {
                case ACTIVE -> {
                    inForce.add(new Active(silence.id(), silence.matchers()));
                    changesAtMs = Math.min(changesAtMs, silence.endsAtMs());
                }
                case PENDING -> changesAtMs = Math.min(changesAtMs, silence.startsAtMs());
                default -> {
                    // Over.
                }
            }
        }
        active = inForce;
        generation++;
    }

    List<RecurringSilence> recurring() {
        return List.copyOf(recurring.values());
    }

    /**
     * Makes or replaces a recurring one.
     *
     * @return its id
     * @throws IllegalArgumentException if it would silence everything
     * @throws NoSuchElementException if it names an id that is not known
     */
    String put(RecurringSilence draft, long nowMs) {
        if (draft.matchers().stream().allMatch(matcher -> AlertMatchers.matches(matcher, ""))) {
            throw new IllegalArgumentException("at least one matcher must not match the empty string");
        }
        if (!draft.id().isEmpty() && !recurring.containsKey(draft.id())) {
            throw new NoSuchElementException("recurring silence not found");
        }
        String id = draft.id().isEmpty() ? UUID.randomUUID().toString() : draft.id();
        RecurringSilence silence =
                new RecurringSilence(id, draft.matchers(), draft.when(), draft.by(), draft.comment(), nowMs);
        recurring.put(id, silence);
        database.put(silence);
        changesAtMs = 0;
        return id;
    }

    /** @throws NoSuchElementException if the id is not known */
    void removeRecurring(String id) {
        RecurringSilence silence = recurring.remove(id);
        if (silence == null) {
            throw new NoSuchElementException("recurring silence not found");
        }
        database.remove(silence);
        changesAtMs = 0;
    }

    /** How many there are in each state. */
    Map<Silence.State, Integer> counts(long nowMs) {
        Map<Silence.State, Integer> counts = new EnumMap<>(Silence.State.class);
        byId.values().forEach(silence -> counts.merge(silence.state(nowMs), 1, Integer::sum));
        return counts;
    }
}
