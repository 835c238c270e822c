package org.narthex.rest;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryStatistics;
import org.narthex.api.query.QueryValue;

/**
 * The answer to a query as it is sent.
 *
 * @param withStatistics whether the caller asked for them
 * @param request when it was evaluated
 */
record QueryAnswer(QueryResult result, boolean withStatistics, QueryRequest request) implements StreamedAnswer {
    /** More are counted, not listed. */
    private static final int MAX_ANNOTATIONS = 10;

    @Override
    public void write(JsonBytes json) throws IOException {
        json.ascii("{\"status\":\"success\",\"data\":{\"resultType\":");
        QueryValue value = result.value();
        if (value instanceof QueryValue.RangeVector matrix) {
            json.ascii("\"matrix\",\"result\":[");
            MatrixJson.write(json, matrix.series());
            json.ascii(']');
        } else if (value instanceof QueryValue.InstantVector vector) {
            write(json, vector);
        } else if (value instanceof QueryValue.Scalar scalar) {
            json.ascii("\"scalar\",\"result\":");
            json.point(scalar.timestampMs(), scalar.value());
        } else if (value instanceof QueryValue.Text text) {
            json.ascii("\"string\",\"result\":[");
            json.timestamp(text.timestampMs());
            json.ascii(',');
            json.string(text.value());
            json.ascii(']');
        }
        if (withStatistics) {
            json.ascii(",\"stats\":");
            statistics(json);
        }
        if (result.plan().isPresent()) {
            json.ascii(",\"analysis\":");
            PlanJson.write(json, result.plan().get(), true);
        }
        json.ascii('}');
        annotations(json, "warnings", result.warnings());
        annotations(json, "infos", result.infos());
        json.ascii("}");
    }

    private static void write(JsonBytes json, QueryValue.InstantVector vector) throws IOException {
        json.ascii("\"vector\",\"result\":[");
        double[] values = vector.values();
        for (int i = 0; i < vector.metrics().size(); i++) {
            json.ascii(i == 0 ? "{\"metric\":" : ",{\"metric\":");
            json.labels(vector.metrics().get(i));
            Histogram histogram = vector.histogram(i);
            if (histogram == null) {
                json.ascii(",\"value\":");
                json.point(vector.timestampMs(), values[i]);
            } else {
                json.ascii(",\"histogram\":");
                json.histogramPoint(vector.timestampMs(), histogram);
            }
            json.ascii('}');
        }
        json.ascii(']');
    }

    private void statistics(JsonBytes json) throws IOException {
        QueryStatistics statistics = result.statistics();
        double queue = statistics.queueNanos() / 1e9;
        double prepare = statistics.prepareNanos() / 1e9;
        double evaluate = statistics.evaluateNanos() / 1e9;
        json.ascii("{\"timings\":{\"evalTotalTime\":");
        json.ascii(Double.toString(prepare + evaluate));
        json.ascii(",\"resultSortTime\":0,\"queryPreparationTime\":");
        json.ascii(Double.toString(prepare));
        json.ascii(",\"innerEvalTime\":");
        json.ascii(Double.toString(evaluate));
        json.ascii(",\"execQueueTime\":");
        json.ascii(Double.toString(queue));
        json.ascii(",\"execTotalTime\":");
        json.ascii(Double.toString(queue + prepare + evaluate));
        json.ascii("},\"samples\":{");
        if (!statistics.samplesPerStep().isEmpty()) {
            json.ascii("\"totalQueryableSamplesPerStep\":[");
            for (int step = 0; step < statistics.samplesPerStep().size(); step++) {
                json.ascii(step == 0 ? "[" : ",[");
                json.timestamp(request.startMs() + step * request.stepMs());
                json.ascii(',');
                json.ascii(Long.toString(statistics.samplesPerStep().get(step)));
                json.ascii(']');
            }
            json.ascii("],");
        }
        json.ascii("\"totalQueryableSamples\":");
        json.ascii(Long.toString(statistics.samples()));
        json.ascii(",\"peakSamples\":");
        json.ascii(Long.toString(statistics.peakSamples()));
        if (statistics.peakBytes() > 0) {
            json.ascii(",\"peakBytes\":");
            json.ascii(Long.toString(statistics.peakBytes()));
        }
        json.ascii("}}");
    }

    private static void annotations(JsonBytes json, String kind, List<String> texts) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        json.ascii(",\"");
        json.ascii(kind);
        json.ascii("\":");
        json.strings(Envelope.capped(texts, kind, MAX_ANNOTATIONS));
    }
}
