package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.ExemplarSeries;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;

/** What is there after a shutdown and a start, and snapshots. */
interface StorageDurabilityTests extends StorageTests {
    private void needsDurability() {
        assumeTrue(probe().contract().isDurable(), "this storage keeps nothing on disk");
    }

    /** Samples of each kind in 24 series; what they read as. */
    private String appendEveryKind() throws Exception {
        for (int i = 0; i < 200; i++) {
            SampleBatch batch = new SampleBatch();
            for (HistogramKind kind : HistogramKind.values()) {
                for (String job : List.of("a", "b")) {
                    batch.add(
                            Labels.of("__name__", "h", "kind", kind.name(), "job", job),
                            SampleBatch.NO_REF,
                            T0 + i * 1000L,
                            i == 150 ? Histogram.stale(kind.isFloat) : kind.of(i % 90, 1 + i, 0, i / 40));
                    batch.add(
                            Labels.of("__name__", "f", "kind", kind.name(), "job", job),
                            T0 + i * 1000L,
                            i == 150 ? StaleNaN.VALUE : i / 3.0);
                }
            }
            probe().storage().append(batch);
            assertThat(batch.count(AppendResult.OK)).isEqualTo(batch.size());
        }
        String everything = everything(probe());
        assertThat(everything).contains("float histogram {", "integer histogram {", "stale integer histogram", "NaN@");
        return everything;
    }

    private static String everything(StorageProbe probe) throws Exception {
        StringBuilder out = new StringBuilder();
        for (Labels series : probe.select(T0, T0 + 7_200_000, Matcher.of(Matcher.Type.NOT_EQUAL, "__name__", ""))) {
            out.append(series).append(' ').append(probe.samples(series)).append('\n');
        }
        return out.toString();
    }

    @Test
    default void keepsSamplesOfEveryKindOverARestart() throws Exception {
        needsDurability();
        String before = appendEveryKind();
        assertThat(before.lines()).hasSize(24);
        probe().reopen();
        assertThat(everything(probe())).isEqualTo(before);
        probe().reopen();
        assertThat(everything(probe())).isEqualTo(before);
    }

    @Test
    default void goesOnWhereItWasBeforeTheRestart() throws Exception {
        needsDurability();
        Labels a = Labels.of("__name__", "a");
        Labels h = Labels.of("__name__", "h");
        probe().append(a, T0, 1, T0 + 1000, 2);
        probe().append(h, T0 + 1000, HistogramKind.INTEGER.of(1, 2));
        probe().reopen();
        assertThat(probe().append(a, T0 + 500, 3)).containsExactly(AppendResult.OUT_OF_ORDER);
        assertThat(probe().append(a, T0 + 1000, 2)).containsExactly(AppendResult.OK);
        assertThat(probe().append(a, T0 + 1000, 4)).containsExactly(AppendResult.DUPLICATE);
        assertThat(probe().append(a, T0 + 2000, 5)).containsExactly(AppendResult.OK);
        assertThat(probe().append(h, T0 + 500, HistogramKind.INTEGER.of(1, 2))).isEqualTo(AppendResult.OUT_OF_ORDER);
        assertThat(probe().append(h, T0 + 1000, HistogramKind.INTEGER.of(1, 2))).isEqualTo(AppendResult.OK);
        assertThat(probe().append(h, T0 + 1000, HistogramKind.INTEGER.of(1, 3))).isEqualTo(AppendResult.DUPLICATE);
        assertThat(probe().append(h, T0 + 2000, HistogramKind.INTEGER.of(1, 3))).isEqualTo(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 1000, 2, T0 + 2000, 5));
        assertThat(probe().samples(h))
                .isEqualTo(text(T0 + 1000, HistogramKind.INTEGER.of(1, 2))
                        + text(T0 + 2000, HistogramKind.INTEGER.of(1, 3)));
    }

    @Test
    default void leavesDeletedSamplesDeletedOverARestart() throws Exception {
        needsDurability();
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        probe().append(a, T0, 1, T0 + 1000, 2, T0 + 2000, 3);
        probe().append(b, T0, 1);
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 500, T0 + 1500);
        probe().storage().delete(List.of(Matcher.equal("__name__", "b")), Long.MIN_VALUE, Long.MAX_VALUE);
        probe().reopen();
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 2000, 3));
        assertThat(probe().samples(b)).isEmpty();
    }

    @Test
    default void keepsStartTimestampsOverARestart() throws Exception {
        needsDurability();
        assumeTrue(probe().contract().keepsStartTimestamps(), "this storage keeps no start timestamps");
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        batch.startTimestampMs(T0 - 1234);
        batch.add(a, T0 + 1000, 2);
        probe().storage().append(batch);
        probe().reopen();
        assertThat(probe().read(a, T0, T0).startTimestampMs(0)).isEqualTo(T0 - 1234);
        assertThat(probe().read(a, T0 + 1000, T0 + 1000).startTimestampMs(0)).isZero();
    }

    @Test
    default void keepsExemplarsOverARestart() throws Exception {
        needsDurability();
        assumeTrue(probe().contract().maxExemplars() > 0, "this storage keeps no exemplars");
        Labels a = Labels.of("__name__", "a");
        Exemplar exemplar = new Exemplar(Labels.of("trace_id", "x"), 0.5, T0 + 1);
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        batch.addExemplar(a, exemplar);
        probe().storage().append(batch);
        probe().reopen();
        assertThat(probe().storage().exemplars(List.of(List.of(Matcher.equal("__name__", "a"))), T0, T0 + 10))
                .containsExactly(new ExemplarSeries(a, List.of(exemplar)));
    }

    @Test
    default void keepsLateSamplesOverARestart() throws Exception {
        needsDurability();
        probe().openWithWindow(600_000);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + 600_000, 1);
        for (int i = 99; i >= 0; i--) {
            probe().append(a, (double) (T0 + i * 1000L), i);
        }
        probe().append(a, T0 + 500, HistogramKind.FLOAT.of(1, 2));
        String before = probe().samples(a);
        assertThat(probe().read(a, T0, T0 + 600_000).size()).isEqualTo(102);
        probe().reopen();
        assertThat(probe().samples(a)).isEqualTo(before);
        assertThat(probe().append(a, T0 + 250, 7)).containsExactly(AppendResult.OK);
        assertThat(probe().append(a, T0 - 1, 7)).containsExactly(AppendResult.TOO_OLD);
        assertThat(probe().read(a, T0, T0 + 600_000).size()).isEqualTo(103);
    }

    @Test
    default void writesASnapshotThatOpens() throws Exception {
        needsDurability();
        String before = appendEveryKind();
        Labels deleted = Labels.of("__name__", "deleted");
        probe().append(deleted, T0, 1);
        probe().storage().delete(List.of(Matcher.equal("__name__", "deleted")), T0, T0);
        Path target = probe().folder().resolve("snapshots/one");
        probe().storage().snapshot(target);
        probe().append(Labels.of("__name__", "later"), T0, 1);
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files).isNotEmpty();
        }
        StorageProbe copy = new StorageProbe(probe().contract(), probe().folder(), target);
        copy.open();
        try {
            assertThat(everything(copy)).isEqualTo(before);
        } finally {
            copy.close();
        }
    }

    @Test
    default void saysThatItCannotWriteSnapshots() {
        assumeFalse(probe().contract().isDurable(), "this storage writes snapshots");
        Storage storage = probe().storage();
        Path target = probe().folder().resolve("snapshots/one");
        assertThatThrownBy(() -> storage.snapshot(target)).isInstanceOf(UnsupportedOperationException.class);
    }
}
