package org.narthex.tsdb.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Goes through the series of several indices in the order of their labels, each label set once. Not thread-safe. */
public final class SeriesMerge {
    private final SymbolMerge symbols;
    private final PriorityQueue<Input> inputs;
    private final List<Input> taken = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private int[] labels = {};

    /** One index' part of a series. */
    public static final class Part {
        private final int input;
        private final long series;
        private final long[] chunks;

        private Part(int input, long series, long[] chunks) {
            this.input = input;
            this.series = series;
            this.chunks = chunks;
        }

        /** Which index, by its place in the list. */
        public int input() {
            return input;
        }

        /** The series' number there. */
        public long series() {
            return series;
        }

        /** As in {@link SeriesEntry}; not to be changed. */
        public long[] chunks() {
            return chunks;
        }
    }

    private final class Input {
        private final int number;
        private final IndexReader index;
        private final Postings postings;
        private long series;
        private int[] labels;
        private long[] chunks;

        Input(int number, IndexReader index) throws IOException {
            this.number = number;
            this.index = index;
            this.postings = index.all();
        }

        boolean next() throws IOException {
            series = postings.next();
            if (series == Postings.END) {
                return false;
            }
            int[] before = labels;
            IndexReader.SymbolSeries read = index.symbolSeries(series);
            labels = read.labels;
            chunks = read.chunks;
            symbols.translate(number, labels);
            if (before != null && Arrays.compare(before, labels) >= 0) {
                throw index.corrupt("series " + series + " is out of order");
            }
            return true;
        }
    }

    /** @param symbols of just these indices */
    public SeriesMerge(List<IndexReader> indices, SymbolMerge symbols) throws IOException {
        this.symbols = symbols;
        // Symbols ascend, so their numbers compare as the labels do.
        inputs = new PriorityQueue<>(Comparator.<Input, int[]>comparing(input -> input.labels, Arrays::compare)
                .thenComparingInt(input -> input.number));
        for (int i = 0; i < indices.size(); i++) {
            Input input = new Input(i, indices.get(i));
            if (input.next()) {
                inputs.add(input);
            }
        }
    }

    /** Moves to the next series. */
    public boolean next() throws IOException {
        for (Input input : taken) {
            if (input.next()) {
                inputs.add(input);
            }
        }
        taken.clear();
        parts.clear();
        if (inputs.isEmpty()) {
            return false;
        }
        labels = inputs.peek().labels;
        while (!inputs.isEmpty() && Arrays.equals(inputs.peek().labels, labels)) {
            Input input = inputs.poll();
            taken.add(input);
            parts.add(new Part(input.number, input.series, input.chunks));
        }
        return true;
    }

    /** The present series' labels as numbers of merged symbols: name, value, name, value, …; not to be changed. */
    public int[] labels() {
        return labels;
    }

    /** Where it is, in the order of the inputs. */
    public List<Part> parts() {
        return parts;
    }
}
