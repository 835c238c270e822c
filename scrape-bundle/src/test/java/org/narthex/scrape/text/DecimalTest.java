package org.narthex.scrape.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class DecimalTest {
    private final Decimal decimal = new Decimal();

    private double parse(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        double value = decimal.parse(bytes, 0);
        assertThat(decimal.end()).as(text).isEqualTo(text.length());
        return value;
    }

    private void assertExact(String text) {
        assertThat(Double.doubleToRawLongBits(parse(text)))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @Test
    void readsAsTheJdkDoes() {
        for (String text : List.of(
                "0",
                "-0",
                "+1",
                "1.",
                ".5",
                "-.5e1",
                "1e22",
                "1e23",
                "9007199254740993",
                "123456789012345678",
                "9999999999999999999",
                "18446744073709551616",
                "1.7976931348623157e308",
                "4.9e-324",
                "2.2250738585072014e-308",
                "8.41e+21",
                "1e-400",
                "0e999",
                "0.0000000000000000000000000000000000000001",
                "7.424100000000001e-05",
                "0.1",
                "0.30000000000000004",
                "5e-324",
                "1e0005",
                "179769313486231570000e-5")) {
            assertExact(text);
        }
    }

    @Test
    void roundsLikeTheJdkOnManyNumbers() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            switch (i % 4) {
                case 0 -> assertExact(Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20)));
                case 1 -> {
                    double any = Double.longBitsToDouble(random.nextLong());
                    if (!Double.isNaN(any) && !Double.isInfinite(any)) {
                        assertExact(Double.toString(any));
                    }
                }
                case 2 ->
                    assertExact(
                            (random.nextLong() >>> 1) % 10_000_000_000_000_000_00L + "e" + (random.nextInt(140) - 70));
                default -> assertExact(Long.toString(random.nextLong()));
            }
        }
    }

    @Test
    void roundsNumbersHalfWayBetweenTwoDoubles() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            double a = Math.abs(
                    Double.longBitsToDouble((long) (1023 - 30 + random.nextInt(60)) << 52 | random.nextLong() >>> 12));
            BigDecimal middle =
                    new BigDecimal(a).add(new BigDecimal(Math.nextUp(a))).divide(BigDecimal.valueOf(2));
            assertExact(middle.toString());
            assertExact(middle.round(new java.math.MathContext(19)).toString());
            assertExact(middle.round(new java.math.MathContext(18)).toString());
        }
    }

    @Test
    void knowsInfinityAndTheOneNan() {
        assertThat(parse("+Inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("-infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Double.doubleToRawLongBits(parse("NaN"))).isEqualTo(0x7ff8000000000001L);
        assertThat(Double.doubleToRawLongBits(parse("nan"))).isEqualTo(0x7ff8000000000001L);
    }

    @Test
    void refusesWhatGoRefuses() {
        for (String text :
                List.of("", "-", ".", "e5", "1e", "1e+", "1.2.3", "--1", "0x10", "1f", "1d", "+nan", "infi", "1 ")) {
            byte[] bytes = (text.trim() + "\n").getBytes(StandardCharsets.UTF_8);
            if (!text.equals("1 ")) {
                assertThatThrownBy(() -> decimal.parse(bytes, 0)).as(text).isInstanceOf(NumberFormatException.class);
            }
        }
        assertThatThrownBy(() -> parse("1e999")).hasMessageContaining("value out of range");
        assertThatThrownBy(() -> parse("1_0")).hasMessageContaining("unsupported character in float");
    }
}
