package org.narthex.tsdb.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Set operations on postings, which read no further than asked. */
final class SetPostings {
    /** Of more lists than this a union is copied and sorted, which is less work than keeping them in order. */
    private static final int MERGED_LISTS = 16;

    private SetPostings() {}

    /** What is in all of them. */
    static Postings intersection(List<Postings> sets) {
        List<Postings> ordered = new ArrayList<>(sets);
        ordered.sort(Comparator.comparingLong(Postings::size));
        return ordered.size() == 1 ? ordered.get(0) : new Intersection(ordered.toArray(new Postings[0]));
    }

    /** What is in the first only. */
    static Postings difference(Postings all, Postings without) {
        return without.size() == 0 ? all : new Difference(all, without);
    }

    /** What is in any of the lists, which share no number. */
    static Postings union(List<ListedPostings> lists) {
        if (lists.isEmpty()) {
            return Postings.EMPTY;
        }
        if (lists.size() == 1) {
            return lists.get(0);
        }
        long size = 0;
        for (Postings list : lists) {
            size += list.size();
        }
        boolean fits = size <= Integer.MAX_VALUE / 2;
        return lists.size() > MERGED_LISTS && fits ? ListedPostings.merged(lists, (int) size) : new Union(lists, size);
    }

    private static final class Intersection extends Postings {
        private final Postings[] sets;

        Intersection(Postings[] sets) {
            this.sets = sets;
        }

        @Override
        public long next() throws IOException {
            return agree(sets[0].next());
        }

        @Override
        public long seek(long atLeast) throws IOException {
            return agree(sets[0].seek(atLeast));
        }

        private long agree(long first) throws IOException {
            long candidate = first;
            int i = 1;
            while (candidate != END && i < sets.length) {
                long other = sets[i].seek(candidate);
                if (other == candidate) {
                    i++;
                } else {
                    candidate = other == END ? END : sets[0].seek(other);
                    i = 1;
                }
            }
            return candidate;
        }

        @Override
        public long size() {
            return sets[0].size();
        }
    }

    private static final class Difference extends Postings {
        private final Postings all;
        private final Postings without;

        Difference(Postings all, Postings without) {
            this.all = all;
            this.without = without;
        }

        @Override
        public long next() throws IOException {
            return pass(all.next());
        }

        @Override
        public long seek(long atLeast) throws IOException {
            return pass(all.seek(atLeast));
        }

        private long pass(long first) throws IOException {
            long candidate = first;
            while (candidate != END && without.seek(candidate) == candidate) {
                candidate = all.next();
            }
            return candidate;
        }

        @Override
        public long size() {
            return all.size();
        }
    }

    private static final class Union extends Postings {
        private final PriorityQueue<Part> parts;
        private final long size;
        private long current = -1;

        private static final class Part {
            final Postings list;
            long current;

            Part(Postings list) {
                this.list = list;
                this.current = -1;
            }
        }

        Union(List<ListedPostings> lists, long size) {
            this.size = size;
            parts = new PriorityQueue<>(lists.size(), Comparator.comparingLong(part -> part.current));
            lists.forEach(list -> parts.add(new Part(list)));
        }

        @Override
        public long next() throws IOException {
            return current == END ? END : seek(current + 1);
        }

        @Override
        public long seek(long atLeast) throws IOException {
            // The smallest is replaced until none is behind; the others are not touched.
            while (!parts.isEmpty() && parts.peek().current < atLeast) {
                Part part = parts.poll();
                part.current = part.list.seek(atLeast);
                if (part.current != END) {
                    parts.add(part);
                }
            }
            current = parts.isEmpty() ? END : Math.max(current, parts.peek().current);
            return current;
        }

        @Override
        public long size() {
            return size;
        }
    }
}
