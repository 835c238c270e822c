package org.narthex.tsdb.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The strings of several indices as one, streamed from their files; in memory are four bytes for each of them. */
public final class SymbolMerge implements SymbolSource {
    private final List<IndexReader> indices;
    /** By index and ordinal there: the ordinal in the merged index. */
    private final int[][] merged;
    /** By index and ordinal: how its series refer to it; null where that is the ordinal. */
    private final int[][] offsets;

    private int count;

    private static final class Input {
        private final int number;
        private final SymbolTable.Cursor cursor;
        private int ordinal = -1;

        Input(int number, SymbolTable.Cursor cursor) {
            this.number = number;
            this.cursor = cursor;
        }

        boolean next() throws IOException {
            ordinal++;
            return cursor.next();
        }
    }

    @FunctionalInterface
    private interface Step {
        void symbol(Input input, boolean isNew) throws IOException;
    }

    public SymbolMerge(List<IndexReader> indices) throws IOException {
        this.indices = List.copyOf(indices);
        merged = new int[indices.size()][];
        offsets = new int[indices.size()][];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = new int[indices.get(i).symbols().count()];
            offsets[i] = indices.get(i).version() == 1 ? new int[merged[i].length] : null;
        }
        run((input, isNew) -> {
            count += isNew ? 1 : 0;
            merged[input.number][input.ordinal] = count - 1;
            if (offsets[input.number] != null) {
                offsets[input.number][input.ordinal] = input.cursor.number();
            }
        });
    }

    private void run(Step step) throws IOException {
        PriorityQueue<Input> inputs = new PriorityQueue<>(
                Comparator.<Input, byte[]>comparing(input -> input.cursor.bytes(), Arrays::compareUnsigned));
        List<Input> all = new ArrayList<>();
        for (int i = 0; i < indices.size(); i++) {
            all.add(new Input(i, indices.get(i).symbols().cursor()));
        }
        for (Input input : all) {
            if (input.next()) {
                inputs.add(input);
            }
        }
        byte[] last = null;
        while (!inputs.isEmpty()) {
            Input input = inputs.poll();
            step.symbol(input, last == null || !Arrays.equals(last, input.cursor.bytes()));
            last = input.cursor.bytes();
            if (input.next()) {
                inputs.add(input);
            }
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        run((input, isNew) -> {
            if (isNew) {
                sink.symbol(input.cursor.bytes());
            }
        });
    }

    /** Turns the numbers of symbols of one index into those of the merged one, in place. */
    void translate(int index, int[] symbols) throws IOException {
        int[] ordinals = merged[index];
        int[] byOffset = offsets[index];
        for (int i = 0; i < symbols.length; i++) {
            int ordinal = byOffset == null ? symbols[i] : Arrays.binarySearch(byOffset, symbols[i]);
            if (ordinal < 0 || ordinal >= ordinals.length) {
                throw indices.get(index).corrupt("a series refers to symbol " + Integer.toUnsignedString(symbols[i]));
            }
            symbols[i] = ordinals[ordinal];
        }
    }
}
