package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

import org.junit.jupiter.api.Test;

class PagesTest {
    private static final char[] KEYS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".toCharArray();

    private final ConcurrentSkipListMap<Long, byte[]> stored = new ConcurrentSkipListMap<>();

    private Pages<String> pages() {
        return new Pages<>(stored, value -> value.charAt(0), PagesTest::weight, PagesTest::write);
    }

    /** Those that end by a number of ~ are heavy. */
    private static int weight(String value) {
        return 1 + 10 * (int) value.chars().filter(c -> c == '~').count();
    }

    private static void write(StateBuffer out, String value) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            out.writeByte(b);
        }
    }

    private Map<Character, String> read(Pages<String> from) throws IOException {
        Map<Character, String> values = new TreeMap<>();
        for (String value : from.read(bytes -> new String(bytes, StandardCharsets.UTF_8))) {
            assertThat(values.put(value.charAt(0), value))
                    .as("each is there once")
                    .isNull();
        }
        return values;
    }

    @Test
    void keepsWhatAMapWouldKeep() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Character, String> expected = new TreeMap<>();
        Pages<String> pages = pages();
        for (int i = 0; i < 2_000; i++) {
            char key = KEYS[random.nextInt(KEYS.length)];
            if (random.nextInt(3) == 0) {
                pages.remove(key);
                expected.remove(key);
            } else {
                String value = key + "-" + i;
                pages.put(value);
                expected.put(key, value);
            }
            if (i % 50 == 0) {
                pages.flush();
                pages = pages();
                assertThat(read(pages)).as("seed %d, step %d", seed, i).isEqualTo(expected);
            }
        }
    }

    @Test
    void writesWhatComesTogetherInFewPagesAndOnlyThoseThatChange() {
        Pages<String> pages = pages();
        for (char key : KEYS) {
            pages.put(key + "1");
        }
        pages.flush();
        assertThat(stored).hasSize(2);
        byte[] first = stored.get(1L);
        pages.put("02");
        pages.flush();
        assertThat(stored.get(1L)).as("it was not written again").isSameAs(first);
    }

    @Test
    void keepsLargeValuesApart() throws IOException {
        Pages<String> pages = pages();
        pages.put("a1");
        pages.put("b~~~~");
        pages.put("c1");
        pages.put("d~~");
        pages.put("e~~");
        pages.flush();
        assertThat(stored.values().stream()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replaceAll("\\P{Graph}", "")))
                .as("one that is too large for any page, and one that the first has no room for")
                .containsExactlyInAnyOrder("a1c1d~~", "b~~~~", "e~~");
        pages.remove('b');
        pages.flush();
        assertThat(read(pages())).containsOnlyKeys('a', 'c', 'd', 'e');
    }

    @Test
    void forgetsEmptyPagesAndFillsThoseWithRoom() {
        Pages<String> pages = pages();
        for (char key : KEYS) {
            pages.put(key + "1");
        }
        for (int i = 0; i < 30; i++) {
            pages.remove(KEYS[i]);
        }
        pages.flush();
        assertThat(stored).as("one nearly empty, one nearly full").hasSize(2);
        for (int i = 0; i < 30; i++) {
            pages.put(KEYS[i] + "2");
        }
        pages.flush();
        assertThat(stored).hasSize(2);
        for (char key : KEYS) {
            pages.remove(key);
        }
        pages.flush();
        assertThat(new ArrayList<>(stored.values())).isEmpty();
    }
}
