package org.narthex.promql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Times;
import org.narthex.promql.function.Functions;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Language;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Parser;
import org.narthex.promql.parser.Printer;
import org.narthex.promql.parser.Signature;

class PlanTest {
    private static final Functions FUNCTIONS = Functions.builtIn();

    private static Expr parse(String expression) throws ParseException {
        return Parser.parse(expression, new Language() {
            @Override
            public Optional<Signature> function(String name) {
                return Optional.ofNullable(FUNCTIONS.signatures().get(name));
            }

            @Override
            public boolean experimentalFunctions() {
                return true;
            }

            @Override
            public boolean extendedRangeSelectors() {
                return true;
            }

            @Override
            public boolean fillModifiers() {
                return true;
            }
        });
    }

    @Test
    void foldsArithmeticBetweenNumbers() throws ParseException {
        assertThat(Printer.print(ConstantFolding.fold(parse("x > -(2 + 3) * 4 ^ 2"))))
                .isEqualTo("x > -80");
        assertThat(Printer.print(ConstantFolding.fold(parse("1 < bool 2")))).isEqualTo("1");
    }

    @Test
    void marksWhatIsTheSameAtAllSteps() throws ParseException {
        assertThat(StepInvariants.mark(parse("sum(x @ 10)"))).isInstanceOf(Expr.StepInvariant.class);
        assertThat(StepInvariants.mark(parse("sum(x)"))).isInstanceOf(Expr.Aggregate.class);
        assertThat(StepInvariants.mark(parse("predict_linear(x[5m] @ 10, 60)"))).isInstanceOf(Expr.Call.class);
        Expr.Binary binary = (Expr.Binary) StepInvariants.mark(parse("x / sum(x @ end())"));
        assertThat(binary.left()).isInstanceOf(Expr.VectorSelector.class);
        assertThat(binary.right()).isInstanceOf(Expr.StepInvariant.class);
    }

    @Test
    void knowsTheTimesSelectorsLookAt() throws ParseException, QueryException {
        Times times = new Times(1_000_000, 2_000_000, 10_000);
        assertRange("x", times, 700_000, 2_000_000);
        assertRange("x offset 100s", times, 600_000, 1_900_000);
        assertRange("rate(x[60s]) + y @ 500", times, 200_000, 2_000_000);
        assertRange("max_over_time(rate(x[60s])[120s:10s] offset 50s)", times, 770_000, 1_950_000);
        assertRange("x smoothed", times, 700_000, 2_300_000);
        assertThat(TimeRange.of(parse("1 + time()"), times, 300_000).isEmpty()).isTrue();
    }

    private static void assertRange(String expression, Times times, long min, long max)
            throws ParseException, QueryException {
        TimeRange range = TimeRange.of(parse(expression), times, 300_000);
        assertThat(new long[] {range.minMs(), range.maxMs()}).as(expression).containsExactly(min, max);
    }
}
