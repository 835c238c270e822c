package org.narthex.scrape.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.MetricType;

class TextParserTest {
    static final FamilySink NO_FAMILIES = new FamilySink() {
        @Override
        public void type(byte[] page, int nameFrom, int nameTo, MetricType type) {}

        @Override
        public void help(byte[] page, int nameFrom, int nameTo, int from, int to, Escaping escaping) {}

        @Override
        public void unit(byte[] page, int nameFrom, int nameTo, int from, int to) {}
    };

    private final TextParser parser = new TextParser();

    /** Each sample as {@code series=value}, with {@code !} where the prediction was right. */
    private List<String> parse(String page, String predicted) throws PageFormatException {
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        byte[] buffer = new byte[bytes.length + 9];
        System.arraycopy(bytes, 0, buffer, 0, bytes.length);
        byte[] guess = predicted.getBytes(StandardCharsets.UTF_8);
        parser.reset(buffer, bytes.length, NO_FAMILIES);
        List<String> samples = new ArrayList<>();
        while (parser.next((body, from, limit) -> {
            boolean right = guess.length > 0
                    && limit - from > guess.length
                    && new String(body, from, guess.length, StandardCharsets.UTF_8).equals(predicted);
            return right ? from + guess.length : -1;
        })) {
            String series = new String(
                    buffer, parser.seriesStart(), parser.seriesEnd() - parser.seriesStart(), StandardCharsets.UTF_8);
            samples.add(series + "=" + parser.value() + (parser.predicted() ? "!" : ""));
        }
        return samples;
    }

    @Test
    void checksThatAPredictedSeriesEndsWhereItShould() throws Exception {
        assertThat(parse("foo 1\nfoobar 2\nfoo{a=\"b\"} 3\nfoo {a=\"b\"} 4\nfoo-5\nfoo\t6", "foo"))
                .containsExactly(
                        "foo=1.0!", "foobar=2.0", "foo{a=\"b\"}=3.0", "foo {a=\"b\"}=4.0", "foo=-5.0!", "foo=6.0!");
        assertThat(parse("foo{a=\"b\"} 3\nfoo{a=\"b\"}-Inf\nfoo{a=\"bc\"} 1\n", "foo{a=\"b\"}"))
                .containsExactly("foo{a=\"b\"}=3.0!", "foo{a=\"b\"}=-Infinity!", "foo{a=\"bc\"}=1.0");
    }

    @Test
    void namesLineAndColumnOfAMistake() {
        assertThatThrownBy(() -> parse("# HELP a b\na 1\nb{c=\"d\" e} 2\n", ""))
                .hasMessage("line 3, column 10: expected equal, got \"} 2\"");
        assertThatThrownBy(() -> parse("a 1 2 3", "")).hasMessageStartingWith("line 1, column 7: expected next entry");
        assertThatThrownBy(() -> parse("a 1 -5", "")).hasMessageContaining("expected timestamp or new record");
        assertThatThrownBy(() -> parse("a 1 99999999999999999999", "")).hasMessageContaining("timestamp out of range");
    }

    @Test
    void knowsTypesAndForgetsThemWithThePage() throws Exception {
        parse("# TYPE a histogram\na_bucket 1\n", "");
        assertThat(parser.type()).isEqualTo(MetricType.HISTOGRAM);
        parse("b 1\n", "");
        assertThat(parser.type()).isEqualTo(MetricType.UNKNOWN);
        assertThatThrownBy(() -> parse("# TYPE a info\n", "")).hasMessageContaining("invalid metric type \"info\"");
    }

    @Test
    void wantsHelpInUtf8() throws Exception {
        byte[] page = "# HELP a x\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(parse("# HELP a Größe in °C\n# a comment that nobody minds ÿ\na 1", ""))
                .containsExactly("a=1.0");
        page[9] = (byte) 0xff;
        byte[] buffer = new byte[page.length + 1];
        System.arraycopy(page, 0, buffer, 0, page.length);
        parser.reset(buffer, page.length, NO_FAMILIES);
        assertThatThrownBy(() -> parser.next((body, from, limit) -> -1)).hasMessageContaining("not valid UTF-8");
    }

    @Test
    void neverFailsButByItsOwnException() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String alphabet = "ab_:{}\"\\,= \t\n#10.-+eE\0é\u20ac~HELPTYPE";
        String[] parts = {"# HELP a ", "# TYPE a gauge\n", "a{b=\"c\"} 1\n", "{\"a\"} 2\n", "a 1 2\n"};
        for (int i = 0; i < 100_000; i++) {
            StringBuilder page = new StringBuilder();
            for (int k = random.nextInt(12); k > 0; k--) {
                if (random.nextInt(3) == 0) {
                    page.append(parts[random.nextInt(parts.length)]);
                } else {
                    page.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            try {
                SeriesText text = new SeriesText();
                byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
                byte[] buffer = new byte[bytes.length + 1];
                System.arraycopy(bytes, 0, buffer, 0, bytes.length);
                parser.reset(buffer, bytes.length, NO_FAMILIES);
                while (parser.next((body, from, limit) -> -1)) {
                    text.read(buffer, parser.seriesStart(), parser.seriesEnd(), parser.type());
                    assertThat(text.size()).isPositive();
                }
            } catch (PageFormatException e) {
                assertThat(e.getMessage()).startsWith("line ");
            }
        }
    }
}
