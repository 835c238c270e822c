package org.narthex.tsdb.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.tsdb.encoding.MappedFile;

/** What an index finds is what going through all series finds. */
class IndexTest {
    private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
    private static final String[] EXPRESSIONS = {
        "",
        ".*",
        ".+",
        "a",
        "v1",
        "v1|v2|none",
        "v1.*",
        "v(1|2).*",
        ".*1",
        ".*1.*",
        "v[0-9]",
        "(?i)V1",
        "[^v]+",
        "v1|",
        "(v1|w).*",
        "😀.*",
        "\\d+",
        "v(1|10|100)",
        "vv|v1.*|v10"
    };

    @TempDir
    Path folder;

    private static Labels randomLabels(Random random) {
        Labels.Builder labels = Labels.builder();
        labels.set("__name__", "m" + random.nextInt(3));
        labels.set("id", Integer.toString(random.nextInt(1_000_000)));
        for (String name : List.of("a", "b", "é")) {
            int kind = random.nextInt(8);
            if (kind > 0) {
                labels.set(name, kind == 1 ? "😀" + random.nextInt(3) : "v" + random.nextInt(kind == 2 ? 200 : 12));
            }
        }
        return labels.build();
    }

    private Path write(SortedMap<Labels, Integer> series) throws IOException {
        SortedSet<String> names = new TreeSet<>(Labels.UTF8_ORDER);
        for (Labels labels : series.keySet()) {
            names.addAll(labels.toMap().keySet());
            names.addAll(labels.toMap().values());
        }
        List<String> sorted = List.copyOf(names);
        Map<String, Integer> numbers = new HashMap<>();
        sorted.forEach(name -> numbers.put(name, numbers.size()));
        Path file = folder.resolve("index");
        try (IndexWriter writer = new IndexWriter(file, new SymbolSource() {
            @Override
            public int count() {
                return sorted.size();
            }

            @Override
            public void forEach(Sink sink) throws IOException {
                for (String name : sorted) {
                    sink.symbol(name.getBytes(StandardCharsets.UTF_8));
                }
            }
        })) {
            for (var entry : series.entrySet()) {
                int[] symbols = new int[2 * entry.getKey().size()];
                int i = 0;
                for (var label : entry.getKey().toMap().entrySet()) {
                    symbols[i++] = numbers.get(label.getKey());
                    symbols[i++] = numbers.get(label.getValue());
                }
                int id = entry.getValue();
                writer.add(symbols, symbols.length / 2, new long[] {id, id + 10, 8, id + 20, id + 20, 100}, 2);
            }
            writer.finish();
        }
        return file;
    }

    private static SortedMap<Labels, Integer> randomSeries(Random random, int count) {
        SortedMap<Labels, Integer> series = new TreeMap<>();
        while (series.size() < count) {
            series.put(randomLabels(random), series.size());
        }
        return series;
    }

    private static Matcher randomMatcher(Random random) {
        String name = List.of("__name__", "a", "b", "é", "id", "none").get(random.nextInt(6));
        Matcher.Type type = TYPES.get(random.nextInt(4));
        String value = type == Matcher.Type.EQUAL || type == Matcher.Type.NOT_EQUAL
                ? List.of("", "v1", "m1", "😀2", "none").get(random.nextInt(5))
                : EXPRESSIONS[random.nextInt(EXPRESSIONS.length)];
        return Matcher.of(type, name, value);
    }

    private static boolean matches(List<Matcher> matchers, Labels labels) {
        return matchers.stream().allMatch(matcher -> matcher.matches(labels));
    }

    /** Pieces of 64 KiB make the file one of several. */
    @ParameterizedTest
    @ValueSource(ints = {16, 30})
    void findsWhatMatches(int pieceBits) throws Exception {
        Random random = new Random(42);
        SortedMap<Labels, Integer> series = randomSeries(random, 3000);
        Path file = write(series);
        IndexReader index = new IndexReader(new MappedFile(file, 0, pieceBits));
        assertThat(index.size()).isGreaterThan(3 << 16);
        for (int round = 0; round < 150; round++) {
            List<Matcher> matchers = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                matchers.add(randomMatcher(random));
            }
            check(index, matchers, series, random);
        }
    }

    private static void check(
            IndexReader index, List<Matcher> matchers, SortedMap<Labels, Integer> series, Random random)
            throws IOException {
        List<Labels> expected = series.keySet().stream()
                .filter(labels -> matches(matchers, labels))
                .toList();
        List<Labels> found = new ArrayList<>();
        Postings postings = IndexMatch.find(index, matchers);
        for (long number = postings.next(); number != Postings.END; number = postings.next()) {
            SeriesEntry entry = index.series(number);
            int id = series.get(entry.labels());
            assertThat(entry.chunkCount()).isEqualTo(2);
            assertThat(entry.maxTimeMs(0)).isEqualTo(id + 10);
            assertThat(entry.minTimeMs(1)).isEqualTo(id + 20);
            assertThat(entry.ref(1)).isEqualTo(100);
            found.add(entry.labels());
        }
        assertThat(found).as("%s", matchers).isEqualTo(expected);
        SortedSet<String> names = new TreeSet<>(Labels.UTF8_ORDER);
        SortedSet<String> values = new TreeSet<>(Labels.UTF8_ORDER);
        String name = List.of("a", "b", "id", "none").get(random.nextInt(4));
        for (Labels labels : expected) {
            names.addAll(labels.toMap().keySet());
            values.add(labels.get(name));
        }
        values.remove("");
        SortedSet<String> foundNames = new TreeSet<>(Labels.UTF8_ORDER);
        IndexMatch.labelNames(index, matchers, foundNames);
        assertThat(foundNames).as("%s", matchers).isEqualTo(names);
        SortedSet<String> foundValues = new TreeSet<>(Labels.UTF8_ORDER);
        IndexMatch.labelValues(index, name, matchers, 0, foundValues);
        assertThat(foundValues).as("%s of %s", name, matchers).isEqualTo(values);
        SortedSet<String> some = new TreeSet<>(Labels.UTF8_ORDER);
        IndexMatch.labelValues(index, name, matchers, 3, some);
        assertThat(List.copyOf(some))
                .as("%s of %s", name, matchers)
                .isEqualTo(values.stream().limit(3).toList());
    }

    @Test
    void movesForwardByNextAndSeek() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<SortedSet<Integer>> sets = new ArrayList<>();
            List<ListedPostings> disjoint = new ArrayList<>();
            SortedSet<Long> union = new TreeSet<>();
            int lists = 1 + random.nextInt(20);
            for (int i = 0; i < lists; i++) {
                sets.add(new TreeSet<>());
            }
            for (int i = 0; i < random.nextInt(200); i++) {
                int number = random.nextInt();
                if (union.add(Integer.toUnsignedLong(number))) {
                    sets.get(random.nextInt(lists)).add(number);
                }
            }
            for (SortedSet<Integer> set : sets) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * set.size());
                set.stream().sorted(Integer::compareUnsigned).forEach(bytes::putInt);
                disjoint.add(new ListedPostings(bytes.flip()));
            }
            Postings postings = SetPostings.union(disjoint);
            long current = -1;
            while (current != Postings.END) {
                long target = random.nextBoolean() ? current + 1 : current + random.nextInt(Integer.MAX_VALUE);
                long expected =
                        union.stream().filter(n -> n >= target).findFirst().orElse(Postings.END);
                current = target == current + 1 && random.nextBoolean() ? postings.next() : postings.seek(target);
                assertThat(current).as("round %d, at least %d", round, target).isEqualTo(expected);
            }
        }
    }

    @Test
    void saysSoWhateverIsDamaged() throws Exception {
        Random random = new Random(11);
        Path file = write(randomSeries(random, 60));
        byte[] good = Files.readAllBytes(file);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] bad = good.clone();
            int changes = 1 + random.nextInt(3);
            for (int i = 0; i < changes; i++) {
                bad[random.nextInt(bad.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            if (random.nextInt(4) > 0) {
                mendChecksums(bad);
            }
            if (random.nextInt(10) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            Files.write(file, bad);
            try {
                readAll(new IndexReader(file));
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    private static void readAll(IndexReader index) throws IOException {
        Postings all = index.all();
        for (long number = all.next(); number != Postings.END; number = all.next()) {
            index.series(number);
        }
        for (String name : index.labelNames()) {
            IndexMatch.labelValues(index, name, List.of(), 0, new TreeSet<>());
            IndexMatch.find(index, List.of(Matcher.of(Matcher.Type.REGEX, name, ".*1")))
                    .next();
        }
        new SeriesMerge(List.of(index), new SymbolMerge(List.of(index))).next();
    }

    /** Makes the checksums of what is damaged right, as far as it can be found, so that the damage gets further. */
    private static void mendChecksums(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int toc = bytes.length - IndexReader.TOC;
        crc(bytes, toc, IndexReader.TOC - 4);
        for (int entry : new int[] {0, 4, 5}) {
            long section = in.getLong(toc + 8 * entry);
            if (section >= 0 && section < bytes.length - 8) {
                long length = Integer.toUnsignedLong(in.getInt((int) section));
                if (section + 4 + length + 4 <= bytes.length) {
                    crc(bytes, (int) section + 4, (int) length);
                }
            }
        }
        int at = (int) in.getLong(toc + 8);
        while (at > 0 && at + 2 < in.getLong(toc + 16) && in.getLong(toc + 16) < bytes.length) {
            at = (at + 15) / 16 * 16;
            int length = bytes[at] < 0 ? (bytes[at] & 0x7f) | bytes[at + 1] << 7 : bytes[at];
            int start = bytes[at] < 0 ? at + 2 : at + 1;
            if (length < 0 || start + length + 4 > bytes.length) {
                return;
            }
            crc(bytes, start, length);
            at = start + length + 4;
        }
    }

    private static void crc(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length);
        ByteBuffer.wrap(bytes).putInt(start + length, (int) crc.getValue());
    }
}
