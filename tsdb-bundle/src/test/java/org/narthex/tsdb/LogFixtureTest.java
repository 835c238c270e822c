package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.headchunk.HeadChunkFiles;
import org.narthex.tsdb.headchunk.HeadChunkScan;
import org.narthex.tsdb.wal.Wal;
import org.narthex.tsdb.wal.WalDecoder;
import org.narthex.tsdb.wal.WalReader;
import org.narthex.tsdb.wal.WalRecord;

/** Logs and head chunk files that Prometheus wrote are read whole, and say the same. */
class LogFixtureTest {
    private static final int XOR = 1;

    private static final class Content implements WalRecord.Sink {
        final Map<Long, Labels> series = new HashMap<>();
        final Map<Long, TreeMap<Long, Long>> samples = new HashMap<>();
        final List<Histogram> histograms = new ArrayList<>();
        final List<Exemplar> exemplars = new ArrayList<>();
        int floats;

        @Override
        public void series(long ref, Labels labels) {
            series.put(ref, labels);
        }

        @Override
        public void sample(long ref, long timestampMs, long valueBits) {
            samples.computeIfAbsent(ref, key -> new TreeMap<>()).put(timestampMs, valueBits);
            floats++;
        }

        @Override
        public void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {
            assertThat(series).containsKey(ref);
            histograms.add(histogram);
        }

        @Override
        public void exemplar(long ref, Exemplar exemplar) {
            assertThat(series).containsKey(ref);
            exemplars.add(exemplar);
        }

        @Override
        public void other(int type, byte[] record, int length) {
            throw new AssertionError("a record of type " + type);
        }
    }

    private static Content log(Path data) throws IOException {
        Content content = new Content();
        WalDecoder decoder = new WalDecoder();
        for (Wal.Segment segment : Wal.segments(data.resolve("wal"))) {
            try (WalReader reader = new WalReader(segment.file())) {
                while (reader.next()) {
                    decoder.decode(reader.record(), reader.length(), content);
                }
            }
        }
        return content;
    }

    @Test
    void readsTheLogOfFloatsAndFindsItsSamplesInTheHeadChunks() throws IOException {
        Path data = Fixture.folder("prom-2.42-selfscrape/data");
        Content log = log(data);
        assertThat(log.series).hasSize(526);
        assertThat(log.floats).isEqualTo(141_672);
        SampleBuffer decoded = new SampleBuffer();
        HeadChunkScan scan = HeadChunkScan.of(data.resolve(HeadChunkFiles.FOLDER), (ref, chunk) -> {
            assertThat(chunk.encoding()).isEqualTo(XOR);
            assertThat(chunk.isOutOfOrder()).isFalse();
            decoded.clear();
            ChunkCodec.decode(XOR, chunk.data(), chunk.length(), Long.MIN_VALUE, Long.MAX_VALUE, decoded);
            assertThat(decoded.size()).isEqualTo(chunk.samples());
            TreeMap<Long, Long> logged = log.samples.get(chunk.seriesRef());
            for (int i = 0; i < decoded.size(); i++) {
                long time = decoded.timestampsMs()[i];
                assertThat(logged).containsEntry(time, Double.doubleToRawLongBits(decoded.values()[i]));
            }
            assertThat(decoded.timestampsMs()[0]).isEqualTo(chunk.minTimeMs());
            assertThat(decoded.timestampsMs()[decoded.size() - 1]).isEqualTo(chunk.maxTimeMs());
        });
        assertThat(scan.damage()).isEmpty();
        assertThat(scan.chunks()).isGreaterThan(500);
    }

    @Test
    void readsTheLogOfHistogramsAndExemplars() throws IOException {
        Path data = Fixture.folder("prom-2.42-native-histograms/data");
        Content log = log(data);
        // Counts and buckets go together only if every bucket was read right.
        assertThat(log.histograms).allSatisfy(histogram -> assertThat(
                        histogram.isStale() ? "" : histogram.problem().orElse(""))
                .isEmpty());
        assertThat(log.histograms.stream().filter(Histogram::isFloat).count()).isEqualTo(231);
        assertThat(log.histograms.stream().filter(histogram -> !histogram.isFloat()))
                .hasSize(231)
                .anySatisfy(histogram -> assertThat(histogram.negativeBuckets()).isPositive());
        assertThat(log.exemplars)
                .isNotEmpty()
                .allSatisfy(exemplar -> assertThat(exemplar.labels().size()).isPositive());
        List<Integer> encodings = new ArrayList<>();
        HeadChunkScan scan = HeadChunkScan.of(data.resolve(HeadChunkFiles.FOLDER), (ref, chunk) -> {
            assertThat(log.series).containsKey(chunk.seriesRef());
            assertThat(chunk.samples()).isPositive();
            encodings.add(chunk.encoding());
        });
        assertThat(scan.damage()).isEmpty();
        assertThat(encodings).contains(1, 2, 3).allMatch(encoding -> encoding >= 1 && encoding <= 3);
    }
}
