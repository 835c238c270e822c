package org.narthex.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;

import org.junit.jupiter.api.Test;

class SampleValueTest {
    @Test
    void readsBackWhatItPrints() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(SampleValue.parse(SampleValue.format(value)))
                        .as("seed %d", seed)
                        .isEqualTo(value);
                assertThat(SampleValue.parse(SampleValue.formatExponent(value)))
                        .as("seed %d", seed)
                        .isEqualTo(value);
            }
        }
    }

    @Test
    void printsTheShortestDigits() {
        assertThat(SampleValue.format(2e-3)).isEqualTo("0.002");
        assertThat(SampleValue.format(0x1.0p-44)).isEqualTo("5.684341886080802e-14");
        assertThat(SampleValue.format(2.0E-322)).isEqualTo("2e-322");
        assertThat(SampleValue.format(1e21)).isEqualTo("1e+21");
        assertThat(SampleValue.format(0x1.6b36d67f87c4ap+49)).isEqualTo("798716495597449.2");
        assertThat(SampleValue.format(0x1.0p-24)).isEqualTo("5.960464477539063e-08");
        assertThat(SampleValue.format(0x1.0p60)).isEqualTo("1152921504606847000");
        assertThat(SampleValue.format(-0.0)).isEqualTo("-0");
    }

    @Test
    void refusesWhatOnlyJavaCallsANumber() {
        for (String text : new String[] {"", "1d", "0x1p3f", "0x1", " 1", "1__0", "_1", "1e999", "Infinity5", "--1"}) {
            assertThatThrownBy(() -> SampleValue.parse(text)).isInstanceOf(NumberFormatException.class);
        }
        assertThat(SampleValue.parse("+Inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(SampleValue.parse("nAn")).isNaN();
    }

    @Test
    void knowsTheStalenessMarkerFromOtherNaNs() {
        assertThat(StaleNaN.is(StaleNaN.VALUE)).isTrue();
        assertThat(StaleNaN.is(Double.NaN)).isFalse();
        assertThat(StaleNaN.is(1)).isFalse();
    }
}
