package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;

class JsonBytesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final JsonBytes json = new JsonBytes(new byte[100], out);

    private String text() throws IOException {
        json.flush();
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    private String value(double value) throws IOException {
        json.quotedValue(value);
        return text();
    }

    private String timestamp(long ms) throws IOException {
        json.timestamp(ms);
        return text();
    }

    private void assertLikeSampleValue(double value) throws IOException {
        assertEquals('"' + SampleValue.format(value) + '"', value(value));
    }

    @Test
    void writesValuesAsSampleValueDoes() throws IOException {
        double[] values = {
            0,
            -0.0,
            1,
            -1,
            0.1,
            -0.25,
            1e-6,
            1.5e-6,
            9.9e-7,
            1e14,
            1e15,
            1e15 + 0.5,
            123456789012345.6,
            1e20,
            1e21,
            1e22,
            Math.PI,
            1.0 / 3,
            100.5,
            0.000123,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Long.MAX_VALUE,
            (1L << 50) + 0.5,
            0.1 + 0.2,
            2e-3
        };
        for (double value : values) {
            assertLikeSampleValue(value);
        }
    }

    /** {@code Double.toString}, which SampleValue starts from, sometimes gives another decimal of the same length. */
    @Test
    void writesRandomValuesSoThatTheyReadBackAndNoLongerThanSampleValue() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 30_000; i++) {
            assertReadsBack(Double.longBitsToDouble(random.nextLong()));
            assertReadsBack(random.nextDouble() * 1000);
            assertReadsBack(Math.rint(random.nextGaussian() * 1e7) / Math.pow(10, random.nextInt(10)));
        }
    }

    private void assertReadsBack(double value) throws IOException {
        String text = value(value);
        String number = text.substring(1, text.length() - 1);
        assertEquals(value, SampleValue.parse(number));
        assertTrue(
                number.length() <= SampleValue.format(value).length(),
                () -> number + " is longer than " + SampleValue.format(value));
    }

    @Test
    void writesTimestampsWithThreeDecimalsOrNone() throws IOException {
        assertEquals("0", timestamp(0));
        assertEquals("1", timestamp(1000));
        assertEquals("0.001", timestamp(1));
        assertEquals("1.500", timestamp(1500));
        assertEquals("-0.001", timestamp(-1));
        assertEquals("-12", timestamp(-12_000));
        assertEquals("-9223372036854775.808", timestamp(Long.MIN_VALUE));
        assertEquals("9223372036854775.807", timestamp(Long.MAX_VALUE));
    }

    @Test
    void escapesWhatJsonCannotHold() throws IOException {
        json.string("a\"b\\c\nd\re\tf\u0001\u007f");
        assertEquals("\"a\\\"b\\\\c\\nd\\re\\tf\\u0001\\u007f\"", text());
    }

    @Test
    void writesUtf8AndReplacesLoneSurrogates() throws IOException {
        json.string("\u00e9\u20ac\ud83d\ude00\ud83d!");
        assertEquals("\"\u00e9\u20ac\ud83d\ude00\ufffd!\"", text());
    }

    @Test
    void writesMoreThanItsBufferHolds() throws IOException {
        String longText = "\u20ac".repeat(1000);
        json.string(longText);
        json.labels(Labels.of("b", "2", "a", longText));
        json.strings(List.of("x", "y"));
        assertEquals("\"" + longText + "\"{\"a\":\"" + longText + "\",\"b\":\"2\"}[\"x\",\"y\"]", text());
    }

    @Test
    void writesWholeNumbersOfEachLength() throws IOException {
        for (long unit = 1; unit < 1_000_000_000_000_000L; unit *= 10) {
            for (long number : new long[] {unit - 1, unit, unit + 1, 7 * unit}) {
                assertLikeSampleValue((double) number);
                assertLikeSampleValue(-(double) number);
                assertLikeSampleValue(number / 8.0);
                assertLikeSampleValue(1.0 / unit + number);
            }
        }
    }

    @Test
    void writesPointsOfSeriesWhateverTheirTimestampsHaveInCommon() throws IOException {
        Random random = new Random(5);
        StringBuilder expected = new StringBuilder();
        for (int series = 0; series < 20; series++) {
            long t = series % 3 == 0 ? 1_700_000_000_000L : random.nextInt(5_000) - 2_500L;
            int points = random.nextInt(300);
            for (int i = 0; i < points; i++) {
                json.point(i, t, i);
                expected.append('[').append(seconds(t)).append(",\"").append(i).append("\"]");
                t += series % 2 == 0 ? 15_000 : 1 + random.nextInt(1500);
            }
        }
        assertEquals(expected.toString(), text());
    }

    private static String seconds(long ms) {
        String whole = (ms < 0 ? "-" : "") + Math.abs(ms) / 1000;
        return ms % 1000 == 0 ? whole : whole + "." + String.format("%03d", Math.abs(ms) % 1000);
    }
}
