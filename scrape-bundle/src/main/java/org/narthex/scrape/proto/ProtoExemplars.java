package org.narthex.scrape.proto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.scrape.text.PageFormatException;

/** Where the exemplars of one sample stand in a page. Read only once somebody wants them. */
final class ProtoExemplars {
    private final ProtoReader in = new ProtoReader();
    private int[] ranges = new int[16];
    private int size;

    void clear() {
        size = 0;
    }

    void add(int from, int to) {
        if (2 * size == ranges.length) {
            ranges = Arrays.copyOf(ranges, 4 * size);
        }
        ranges[2 * size] = from;
        ranges[2 * size++ + 1] = to;
    }

    void addAll(ProtoExemplars others) {
        for (int i = 0; i < others.size; i++) {
            add(others.ranges[2 * i], others.ranges[2 * i + 1]);
        }
    }

    int size() {
        return size;
    }

    long hash(byte[] page) {
        if (size == 0) {
            return 0;
        }
        long hash = 1;
        for (int e = 0; e < size; e++) {
            for (int i = ranges[2 * e]; i < ranges[2 * e + 1]; i++) {
                hash = hash * 0x100000001b3L ^ page[i];
            }
        }
        return hash == 0 ? 1 : hash;
    }

    /** @param timeMs of those without a time of their own; 0 to leave these out */
    void read(byte[] page, long timeMs, List<Exemplar> into) throws PageFormatException {
        for (int e = 0; e < size; e++) {
            in.reset(page, ranges[2 * e], ranges[2 * e + 1]);
            Labels.Builder labels = Labels.builder();
            double value = 0;
            long ms = timeMs;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> label(page, labels);
                    case 2 -> value = in.real();
                    case 3 -> ms = timestampMs(in, in.length());
                    default -> in.skip();
                }
            }
            if (ms != 0) {
                into.add(new Exemplar(labels.build(), value, ms));
            }
        }
    }

    private void label(byte[] page, Labels.Builder labels) throws PageFormatException {
        int outer = in.enter(in.length());
        String name = "";
        String value = "";
        while (in.next()) {
            if (in.field() > 2) {
                in.skip();
                continue;
            }
            boolean isName = in.field() == 1;
            int to = in.length();
            String text = new String(page, in.position(), to - in.position(), StandardCharsets.UTF_8);
            in.position(to);
            name = isName ? text : name;
            value = isName ? value : text;
        }
        in.leave(outer);
        labels.set(name, value);
    }

    /** Reads a {@code google.protobuf.Timestamp} that ends there. */
    static long timestampMs(ProtoReader in, int end) throws PageFormatException {
        int outer = in.enter(end);
        long ms = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> ms += in.number() * 1000;
                case 2 -> ms += (int) in.number() / 1_000_000;
                default -> in.skip();
            }
        }
        in.leave(outer);
        return ms;
    }
}
