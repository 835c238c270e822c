package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryValue;

class MatrixJsonTest {
    private static List<QueryValue.Series> series(int count, int points) {
        List<QueryValue.Series> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long[] times = new long[points];
            double[] values = new double[points];
            for (int k = 0; k < points; k++) {
                times[k] = 1_000L * k;
                values[k] = i + k / 8.0;
            }
            all.add(new QueryValue.Series(Labels.of("n", Integer.toString(i)), times, values, points));
        }
        return all;
    }

    private static String written(List<QueryValue.Series> series) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonBytes json = new JsonBytes(new byte[JsonBytes.BUFFER_BYTES], out);
        MatrixJson.write(json, series);
        json.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesAGreatAnswerInItsOrder() throws IOException {
        List<QueryValue.Series> all = series(700, 300);
        List<String> singly = new ArrayList<>();
        for (QueryValue.Series one : all) {
            singly.add(written(List.of(one)));
        }
        assertEquals(String.join(",", singly), written(all));
    }

    @Test
    void aSingleLongSeriesIsOnePiece() throws IOException {
        List<QueryValue.Series> all = series(2, 40_000);
        assertEquals(written(all.subList(0, 1)) + "," + written(all.subList(1, 2)), written(all));
    }

    @Test
    void stopsWhenTheClientIsGone() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        JsonBytes json = new JsonBytes(new byte[JsonBytes.BUFFER_BYTES], gone);
        IOException e = assertThrows(IOException.class, () -> MatrixJson.write(json, series(700, 300)));
        assertEquals("gone", e.getMessage());
    }
}
