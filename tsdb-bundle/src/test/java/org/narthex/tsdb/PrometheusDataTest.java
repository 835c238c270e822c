package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.index.IndexMatch;
import org.narthex.tsdb.index.Postings;

/** Data directories of Prometheus itself open and have every sample; afterwards, closed and opened again, they still do. */
class PrometheusDataTest {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "om-blocks/data, om-blocks",
        "om-blocks-tombstones/data, om-blocks-tombstones",
        "om-blocks-compacted/data-before, om-blocks-compacted",
        "om-blocks-compacted/data, om-blocks-compacted",
        "prom-2.42-selfscrape/data, prom-2.42-selfscrape",
        "prom-2.42-selfscrape-snapshot/data, prom-2.42-selfscrape"
    })
    void hasEverySampleOfAPrometheusDirectory(String data, String dump) throws Exception {
        Path copy = Fixture.copy(Fixture.folder(data), temporary.resolve("data"));
        Map<String, List<String>> expected = Fixture.dump(Fixture.folder(dump).resolve("dump.txt.gz"));
        for (int round = 0; round < 2; round++) {
            try (Database database = DatabaseTest.openReady(Settings.of(copy))) {
                assertThat(database.stats().corruptions()).isZero();
                Map<String, List<String>> found = Fixture.dump(database);
                assertThat(found.keySet()).isEqualTo(expected.keySet());
                expected.forEach((series, samples) ->
                        assertThat(found.get(series)).as(series).isEqualTo(samples));
            }
        }
    }

    @Test
    void readsABlockWithAnIndexOfVersion1() throws Exception {
        Fixture.copy(
                Fixture.folder("index_format_v1"), temporary.resolve("data").resolve("01DXXFZDYD1MQW6079WK0K6EDQ"));
        try (Database database = DatabaseTest.openReady(Settings.of(temporary.resolve("data")));
                Querier querier = database.querier(0, 10)) {
            SeriesSet bar = querier.select(List.of(Matcher.equal("foo", "bar")));
            SampleBuffer buffer = new SampleBuffer();
            bar.read(0, 0, 10, buffer);
            assertThat(bar.size()).isEqualTo(1);
            assertThat(buffer.size()).isEqualTo(1);
            assertThat(buffer.values()[0]).isEqualTo(2);
            assertThat(buffer.timestampsMs()[0]).isEqualTo(1);
            assertThat(querier.select(List.of(Matcher.of(Matcher.Type.NOT_REGEX, "foo", "^.?$")))
                            .size())
                    .isEqualTo(2);
            assertThat(querier.labelValues("bar", List.of(), 0)).hasSize(100);
            assertThat(Fixture.dump(database)).hasSize(102);
        }
    }

    @Test
    void mendsABlockOfAnEarlyVersion2() throws Exception {
        Path data = Fixture.copy(Fixture.folder("repair_index_version"), temporary.resolve("data"));
        Path block = data.resolve("01BZJ9WJQPWHGNC2W4J9TA62KC");
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            assertThat(database.stats().corruptions()).isZero();
            Block mended = database.blocks().list().get(0);
            assertThat(Files.readString(block.resolve("meta.json"))).contains("\"version\": 1");
            assertThat(mended.index().version()).isEqualTo(2);
            Postings postings = IndexMatch.find(mended.index(), List.of(Matcher.equal("b", "1")));
            List<Labels> found = new ArrayList<>();
            for (long series = postings.next(); series != Postings.END; series = postings.next()) {
                found.add(mended.index().labels(series));
            }
            assertThat(found).containsExactly(Labels.of("a", "1", "b", "1"), Labels.of("a", "2", "b", "1"));
        }
    }

    @Test
    void leavesOutNativeHistogramsAndKeepsTheRest() throws Exception {
        Path data = Fixture.copy(Fixture.folder("prom-2.42-native-histograms/data"), temporary.resolve("data"));
        try (Database database = DatabaseTest.openReady(Settings.of(data));
                Querier querier = database.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            assertThat(database.stats().corruptions()).isZero();
            assertThat(querier.select(List.of(Matcher.equal("__name__", "up"))).size())
                    .isEqualTo(1);
        }
    }
}
