package org.narthex.promql.parser;

import java.util.Locale;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;

import org.narthex.api.model.Histogram;

/** Reads histograms of upstream's test tables. */
final class UpstreamHistogram {
    private final JsonObject fields;

    private UpstreamHistogram(JsonObject fields) {
        this.fields = fields;
    }

    static Histogram of(JsonObject fields) {
        return new UpstreamHistogram(fields).histogram();
    }

    private Histogram histogram() {
        return Histogram.ofFloats(
                Histogram.ResetHint.valueOf(
                        fields.getString("counter_reset_hint", "unknown").toUpperCase(Locale.ROOT)),
                (int) number("schema"),
                number("zero_threshold"),
                number("zero_count"),
                number("count"),
                number("sum"),
                spans("positive_spans"),
                numbers("positive_buckets"),
                spans("negative_spans"),
                numbers("negative_buckets"),
                numbers("custom_values"));
    }

    private double number(String name) {
        return fields.containsKey(name) ? fields.getJsonNumber(name).doubleValue() : 0;
    }

    private JsonArray array(String name) {
        return fields.containsKey(name) ? fields.getJsonArray(name) : JsonArray.EMPTY_JSON_ARRAY;
    }

    private double[] numbers(String name) {
        JsonArray array = array(name);
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.getJsonNumber(i).doubleValue();
        }
        return numbers;
    }

    private int[] spans(String name) {
        JsonArray array = array(name);
        int[] spans = new int[array.size() * 2];
        for (int i = 0; i < array.size(); i++) {
            spans[2 * i] = array.getJsonObject(i).getInt("offset");
            spans[2 * i + 1] = array.getJsonObject(i).getInt("length");
        }
        return spans;
    }
}
