package org.narthex.promql.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

class RowsTest {
    private static final Labels LABELS = Labels.of("a", "b");

    @Test
    void joinsRowsThatTakeTurns() throws QueryException {
        Rows rows = new Rows();
        rows.add(LABELS, false, new double[] {1, Absent.VALUE});
        rows.add(LABELS, false, new double[] {Absent.VALUE, 2});
        assertThat(rows.joined().size()).isEqualTo(1);
        assertThat(rows.joined().values(0)).containsExactly(1, 2);
    }

    @Test
    void refusesTwoValuesAtOneStep() {
        Rows rows = new Rows();
        rows.add(LABELS, false, new double[] {1});
        rows.add(LABELS, false, new double[] {Double.NaN});
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(rows::joined)
                .withMessage("vector cannot contain metrics with the same labelset");
    }

    @Test
    void arithmeticNeverMakesTheAbsentMark() {
        assertThat(Absent.is(Absent.VALUE)).isTrue();
        assertThat(Absent.is(Double.NaN)).isFalse();
        assertThat(Absent.is(0.0 / 0.0)).isFalse();
        assertThat(Absent.is(-Absent.VALUE)).isFalse();
        assertThat(Absent.is(Absent.VALUE + 1)).isFalse();
    }
}
