package org.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.scrape.text.FamilySink;
import org.narthex.scrape.text.SeriesText;

/**
 * What one target says about its metric families. A page repeats it each time in the same order, so that what is known is recognised by its bytes.
 * Written by one scrape at a time, read by any thread.
 */
final class FamilyCache implements FamilySink {
    /** A family is forgotten after so many scrapes without it. */
    private static final int KEPT_SCRAPES = 10;

    private final Map<String, Family> families = new ConcurrentHashMap<>();
    private Family current;
    private Family first;
    private int round;
    private int seen;

    /** One family; the bytes are as the page has them. */
    private static final class Family {
        final byte[] name;
        final String text;
        byte[] help = {};
        byte[] unit = {};
        volatile Metadata metadata = new Metadata(MetricType.UNKNOWN, "", "");
        Family next;
        int seenIn;
        int changedIn;

        Family(byte[] name, String text) {
            this.name = name;
            this.text = text;
        }

        boolean isNamed(byte[] page, int from, int to) {
            return Arrays.equals(name, 0, name.length, page, from, to);
        }

        void change(Metadata changed, int round) {
            metadata = changed;
            changedIn = round;
        }
    }

    /** Starts a scrape. */
    void begin() {
        round++;
        seen = 0;
        current = null;
    }

    /** Ends a scrape. */
    void end() {
        if (families.size() > seen) {
            families.values().removeIf(family -> family.seenIn < round - KEPT_SCRAPES);
        }
    }

    @Override
    public void type(byte[] page, int nameFrom, int nameTo, MetricType type) {
        Family family = family(page, nameFrom, nameTo);
        Metadata known = family.metadata;
        if (known.type() != type) {
            family.change(new Metadata(type, known.unit(), known.help()), round);
        }
    }

    @Override
    public void help(byte[] page, int nameFrom, int nameTo, int from, int to, Escaping escaping) {
        Family family = family(page, nameFrom, nameTo);
        if (!Arrays.equals(family.help, 0, family.help.length, page, from, to)) {
            family.help = Arrays.copyOfRange(page, from, to);
            String help = escaping.text(page, from, to);
            Metadata known = family.metadata;
            family.change(new Metadata(known.type(), known.unit(), help), round);
        }
    }

    @Override
    public void unit(byte[] page, int nameFrom, int nameTo, int from, int to) {
        Family family = family(page, nameFrom, nameTo);
        if (!Arrays.equals(family.unit, 0, family.unit.length, page, from, to)) {
            family.unit = Arrays.copyOfRange(page, from, to);
            Metadata known = family.metadata;
            family.change(
                    new Metadata(known.type(), new String(family.unit, StandardCharsets.UTF_8), known.help()), round);
        }
    }

    private Family family(byte[] page, int from, int to) {
        Family family = current;
        if (family == null || !family.isNamed(page, from, to)) {
            Family guess = family == null ? first : family.next;
            family = guess != null && guess.isNamed(page, from, to) ? guess : look(page, from, to);
            if (current == null) {
                first = family;
            } else {
                current.next = family;
            }
            current = family;
        }
        if (family.seenIn != round) {
            family.seenIn = round;
            seen++;
            // It may have been forgotten, and only guessed by the one before it.
            families.putIfAbsent(family.text, family);
        }
        return family;
    }

    private Family look(byte[] page, int from, int to) {
        String name = SeriesText.unescaped(page, from, to, true);
        return families.computeIfAbsent(name, text -> new Family(Arrays.copyOfRange(page, from, to), text));
    }

    /** The family that the page named last; null if it named none yet. */
    String currentName() {
        return current == null ? null : current.text;
    }

    Metadata currentMetadata() {
        return current.metadata;
    }

    /** Whether this scrape says something else about the present family than the one before. */
    boolean currentChanged() {
        return current.changedIn == round;
    }

    Optional<Metadata> of(String name) {
        return Optional.ofNullable(families.get(name)).map(family -> family.metadata);
    }

    void forEach(BiConsumer<String, Metadata> visitor) {
        families.forEach((name, family) -> visitor.accept(name, family.metadata));
    }

    int size() {
        return families.size();
    }

    /** Bytes of the texts. */
    long bytes() {
        long bytes = 0;
        for (Family family : families.values()) {
            Metadata metadata = family.metadata;
            bytes += family.name.length
                    + metadata.help().length()
                    + metadata.unit().length();
        }
        return bytes;
    }
}
