package org.narthex.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;

import org.narthex.api.model.Histogram;
import org.narthex.api.query.QueryValue;

/** The series of a range query as JSON. Those of a great answer are written in pieces by several threads, and sent in their order. */
final class MatrixJson {
    /** Points of a piece; about a hundred kilobytes. */
    private static final int PIECE_POINTS = 1 << 12;

    private final List<QueryValue.Series> series;
    /** Pieces that are being written or wait to be sent. */
    private final Deque<Piece> pieces = new ArrayDeque<>();

    private int next;

    private MatrixJson(List<QueryValue.Series> series) {
        this.series = series;
    }

    /** Writes all series with commas between them. */
    static void write(JsonBytes json, List<QueryValue.Series> series) throws IOException {
        long points = 0;
        for (QueryValue.Series one : series) {
            points += one.size();
        }
        if (points < 2L * PIECE_POINTS) {
            write(json, series, 0, series.size());
        } else {
            new MatrixJson(series).spread(json);
        }
    }

    private void spread(JsonBytes json) throws IOException {
        int ahead = 2 * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < ahead; i++) {
            begin(new Piece());
        }
        while (!pieces.isEmpty()) {
            Piece first = pieces.peek();
            for (Piece piece : pieces) {
                if (first.task.isDone()) {
                    break;
                }
                // Does nothing if another thread has begun with it.
                piece.task.run();
            }
            first.await();
            json.raw(first.bytes);
            pieces.remove();
            begin(first);
        }
    }

    /** Has the next series written, if there are any left. */
    private void begin(Piece piece) {
        int from = next;
        int points = 0;
        while (next < series.size() && points < PIECE_POINTS) {
            points += series.get(next++).size();
        }
        if (next > from) {
            piece.begin(from, next);
            pieces.add(piece);
            ForkJoinPool.commonPool().execute(piece.task);
        }
    }

    /** Memory for a piece, used for one after the other. */
    private final class Piece {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 * PIECE_POINTS);
        private final JsonBytes json = new JsonBytes(new byte[JsonBytes.BUFFER_BYTES], bytes);
        private FutureTask<Void> task;

        void begin(int from, int to) {
            bytes.reset();
            task = new FutureTask<>(() -> {
                write(json, series, from, to);
                json.flush();
                return null;
            });
        }

        void await() throws IOException {
            boolean interrupted = false;
            while (true) {
                try {
                    task.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException | CancellationException e) {
                    throw new IOException("an answer could not be written", e);
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void write(JsonBytes json, List<QueryValue.Series> series, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            QueryValue.Series one = series.get(i);
            json.ascii(i == 0 ? "{\"metric\":" : ",{\"metric\":");
            json.labels(one.metric());
            if (one.histograms().length == 0) {
                json.ascii(",\"values\":[");
                floats(json, one);
                json.ascii(']');
            } else {
                mixed(json, one);
            }
            json.ascii('}');
        }
    }

    private static void floats(JsonBytes json, QueryValue.Series series) throws IOException {
        long[] timestampsMs = series.timestampsMs();
        double[] values = series.values();
        for (int i = 0; i < series.size(); i++) {
            if (i > 0) {
                json.ascii(',');
            }
            json.point(i, timestampsMs[i], values[i]);
        }
    }

    /** Floats and histograms apart, each under a key of its own if there are any. */
    private static void mixed(JsonBytes json, QueryValue.Series series) throws IOException {
        for (boolean histograms : new boolean[] {false, true}) {
            boolean first = true;
            for (int i = 0; i < series.size(); i++) {
                Histogram histogram = series.histogram(i);
                if ((histogram != null) != histograms) {
                    continue;
                }
                json.ascii(first ? histograms ? ",\"histograms\":[" : ",\"values\":[" : ",");
                first = false;
                if (histogram == null) {
                    json.point(series.timestampsMs()[i], series.values()[i]);
                } else {
                    json.histogramPoint(series.timestampsMs()[i], histogram);
                }
            }
            if (!first) {
                json.ascii(']');
            }
        }
    }
}
