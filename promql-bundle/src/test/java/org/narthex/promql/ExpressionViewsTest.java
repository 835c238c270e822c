package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryTree;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Parser;
import org.narthex.promql.parser.Prettifier;

class ExpressionViewsTest {
    private final PromqlEngine engine = new PromqlEngine(Engines.ALL_FEATURES, 0);

    @AfterEach
    void stop() {
        engine.deactivate();
    }

    @Test
    void formatsWhatDoesNotFitALine() throws QueryException {
        assertThat(engine.format("sum   by(job)(up)")).isEqualTo("sum by (job) (up)");
        String name = "a".repeat(50);
        assertThat(engine.format("-sum(" + name + "+" + name + ") without(x)")).isEqualTo("""
                -sum without (x) (
                    %s
                  +
                    %s
                )""".formatted(name, name));
        assertThat(engine.format("info(" + "a".repeat(100) + ",{})")).isEqualTo("""
                info(
                  %s,
                  {}
                )""".formatted("a".repeat(100)));
    }

    @Test
    void refusesToFormatWhatWouldFillTheMemory() throws Exception {
        Expr sum = Parser.parse("foo_1 + foo_2 + foo_3", Engines.language());
        assertThat(Prettifier.format(sum, 10, 33)).hasSize(33);
        assertThatThrownBy(() -> Prettifier.format(sum, 10, 32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longer than 32 characters");
    }

    @Test
    void showsWhatWasParsed() throws QueryException {
        QueryTree.Shift shift = new QueryTree.Shift(
                new QueryTree.Duration(60_000, Optional.empty()), OptionalLong.of(1_500), QueryTree.Pin.NONE);
        QueryTree one = new QueryTree.NumberLiteral(1, false);
        assertThat(engine.parse(
                        "rate(up{a!=\"b\"}[(step())] anchored @ 1.5 offset 1m) > bool on(x) group_left vector(1)"))
                .isEqualTo(new QueryTree.Binary(
                        ">",
                        new QueryTree.Call(
                                new QueryTree.Function("rate", List.of("matrix"), 0, "vector"),
                                List.of(new QueryTree.Selector(
                                        "up",
                                        List.of(
                                                Matcher.of(Matcher.Type.NOT_EQUAL, "a", "b"),
                                                Matcher.equal("__name__", "up")),
                                        Optional.of(new QueryTree.Duration(
                                                0,
                                                Optional.of(new QueryTree.DurationArithmetic(
                                                        "step", Optional.empty(), Optional.empty(), true)))),
                                        QueryTree.Edges.ANCHORED,
                                        shift))),
                        new QueryTree.Call(
                                new QueryTree.Function("vector", List.of("scalar"), 0, "vector"), List.of(one)),
                        Optional.of(new QueryTree.Matching(
                                QueryTree.Cardinality.MANY_TO_ONE,
                                true,
                                List.of("x"),
                                List.of(),
                                Optional.empty(),
                                Optional.empty())),
                        true));
        assertThat(engine.parse("topk(1, (up))[5m:] @ end()"))
                .isEqualTo(new QueryTree.Subquery(
                        new QueryTree.Aggregation(
                                "topk",
                                new QueryTree.Paren(new QueryTree.Selector(
                                        "up",
                                        List.of(Matcher.equal("__name__", "up")),
                                        Optional.empty(),
                                        QueryTree.Edges.PLAIN,
                                        new QueryTree.Shift(
                                                QueryTree.Duration.NONE, OptionalLong.empty(), QueryTree.Pin.NONE))),
                                Optional.of(one),
                                List.of(),
                                false),
                        new QueryTree.Duration(300_000, Optional.empty()),
                        QueryTree.Duration.NONE,
                        new QueryTree.Shift(QueryTree.Duration.NONE, OptionalLong.empty(), QueryTree.Pin.END)));
        assertThatThrownBy(() -> engine.parse("up +"))
                .hasMessageContaining("1:5: parse error: unexpected end of input");
    }
}
