package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.TimeInterval;

/** Alertmanager's own cases of time intervals. */
class TimeIntervalConformanceTest {
    private static final DateTimeFormatter RFC_822 = new DateTimeFormatterBuilder()
            .appendPattern("d MMM ")
            .appendValueReduced(ChronoField.YEAR, 2, 2, 1969)
            .appendPattern(" HH:mm Z")
            .toFormatter(Locale.ENGLISH);

    private static List<JsonObject> table(String name) throws IOException {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        try (JsonReader reader =
                Json.createReader(Files.newBufferedReader(Path.of(dir, "alertmanager/time-intervals.json")))) {
            return reader.readObject().getJsonArray(name).getValuesAs(JsonObject.class);
        }
    }

    private static List<TimeInterval> list(String yaml) throws ConfigException {
        List<TimeInterval> intervals = new ArrayList<>();
        for (ConfigNode item : Texts.node(yaml).items()) {
            intervals.add(TimeIntervalReader.read(Section.of(item)));
        }
        return intervals;
    }

    private static void checkTimes(JsonObject one, List<TimeInterval> intervals) {
        for (String key : new String[] {"contains", "excludes"}) {
            for (int i = 0; i < one.getJsonArray(key).size(); i++) {
                String text = one.getJsonArray(key).getString(i);
                Instant time = ZonedDateTime.parse(text, RFC_822).toInstant();
                assertThat(intervals.stream().anyMatch(interval -> interval.contains(time)))
                        .as("%s in %s", text, one)
                        .isEqualTo(key.equals("contains"));
            }
        }
    }

    @Test
    void readsListsOfIntervals() throws Exception {
        for (JsonObject one : table("parse_list_of_intervals")) {
            if (one.getBoolean("ok")) {
                checkTimes(one, list(one.getString("yaml")));
            } else {
                assertThatThrownBy(() -> list(one.getString("yaml")))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(one.getString("error"));
            }
        }
    }

    @Test
    void readsOneInterval() throws Exception {
        for (JsonObject one : table("parse_single_interval")) {
            checkTimes(one, List.of(TimeIntervalReader.read(Section.of(Texts.node(one.getString("yaml"))))));
        }
        for (JsonObject one : table("contains")) {
            // JSON is YAML too.
            String yaml = one.getJsonObject("interval").toString();
            checkTimes(one, List.of(TimeIntervalReader.read(Section.of(Texts.node(yaml)))));
        }
    }

    @Test
    void readsRangesOfTimes() throws Exception {
        for (JsonObject one : table("parse_time_range")) {
            Section range = Section.of(Texts.node(one.getString("yaml")));
            if (one.getBoolean("ok")) {
                assertThat(TimeIntervalReader.time(range))
                        .isEqualTo(new TimeInterval.Range(one.getInt("start_minute"), one.getInt("end_minute")));
            } else {
                assertThatThrownBy(() -> TimeIntervalReader.time(range)).isInstanceOf(ConfigException.class);
            }
        }
    }
}
