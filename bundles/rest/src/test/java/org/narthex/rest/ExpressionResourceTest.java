package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryTree;

class ExpressionResourceTest {
    private static final QueryTree.Shift HERE =
            new QueryTree.Shift(QueryTree.Duration.NONE, OptionalLong.empty(), QueryTree.Pin.NONE);
    private static final QueryTree UP = new QueryTree.Selector(
            "up",
            List.of(Matcher.of(Matcher.Type.REGEX, "job", "a\"b"), Matcher.equal("__name__", "up")),
            Optional.empty(),
            QueryTree.Edges.PLAIN,
            HERE);
    private static final String UP_JSON =
            "{\"anchored\":false,\"matchers\":[{\"name\":\"job\",\"type\":\"=~\",\"value\":\"a\\\"b\"},"
                    + "{\"name\":\"__name__\",\"type\":\"=\",\"value\":\"up\"}],\"name\":\"up\",\"offset\":0,\"offsetExpr\":null,"
                    + "\"smoothed\":false,\"startOrEnd\":null,\"timestamp\":null,\"type\":\"vectorSelector\"}";

    private final Fakes.Engine engine = new Fakes.Engine();
    private final LiveServices services = Fakes.services();
    private final TestApi api = new TestApi(services);

    ExpressionResourceTest() {
        services.setQueryEngine(engine);
    }

    private void assertTree(String json, QueryTree tree) {
        engine.tree = tree;
        assertEquals(
                "{\"status\":\"success\",\"data\":" + json + "}",
                api.get("parse_query?query=x").text());
    }

    @Test
    void formatsAnExpression() {
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":\"up\"}"),
                Json.parse(api.get("format_query?query=%20up%20").text()));
        assertEquals(
                Json.parse("{\"status\":\"success\",\"data\":\"up\"}"),
                Json.parse(api.postForm("format_query", "query=%20up%20").text()));
    }

    @Test
    void readsTheExpressionToParseFromUrlOrForm() {
        String one = "{\"status\":\"success\",\"data\":{\"type\":\"numberLiteral\",\"val\":\"1\"}}";
        assertEquals(one, api.get("parse_query?query=1%2b2").text());
        assertEquals("1+2", engine.asked.expression());
        TestApi.Answer answer = api.postForm("parse_query", "query=3");
        assertEquals(one, answer.text());
        assertEquals("3", engine.asked.expression());
        assertEquals("application/json", answer.header("Content-Type"));
    }

    @Test
    void refusesWhatIsNoExpression() {
        engine.failure = new QueryException(QueryException.Kind.BAD_DATA, "1:2: parse error: no");
        for (String path : List.of("parse_query?query=x", "format_query?query=x")) {
            TestApi.Answer answer = api.get(path);
            assertEquals(400, answer.status());
            assertEquals(
                    "{\"status\":\"error\",\"errorType\":\"bad_data\","
                            + "\"error\":\"invalid parameter \\\"query\\\": 1:2: parse error: no\"}",
                    answer.text());
        }
    }

    @Test
    void writesSelectorsWithTheirPlaceInTime() {
        assertTree(UP_JSON, UP);
        assertTree(
                "{\"anchored\":true,\"matchers\":[],\"name\":\"\",\"offset\":-60000,\"offsetExpr\":null,\"range\":0,"
                        + "\"rangeExpr\":{\"lhs\":{\"lhs\":null,\"op\":\"step\",\"rhs\":null,\"type\":\"durationExpr\",\"wrapped\":false},"
                        + "\"op\":\"*\",\"rhs\":{\"duration\":true,\"type\":\"numberLiteral\",\"val\":\"90\"},"
                        + "\"type\":\"durationExpr\",\"wrapped\":true},\"smoothed\":false,\"startOrEnd\":null,"
                        + "\"timestamp\":1500,\"type\":\"matrixSelector\"}",
                new QueryTree.Selector(
                        "",
                        List.of(),
                        Optional.of(new QueryTree.Duration(
                                0,
                                Optional.of(new QueryTree.DurationArithmetic(
                                        "*",
                                        Optional.of(new QueryTree.DurationArithmetic(
                                                "step", Optional.empty(), Optional.empty(), false)),
                                        Optional.of(new QueryTree.NumberLiteral(90, true)),
                                        true)))),
                        QueryTree.Edges.ANCHORED,
                        new QueryTree.Shift(
                                new QueryTree.Duration(-60_000, Optional.empty()),
                                OptionalLong.of(1_500),
                                QueryTree.Pin.NONE)));
        assertTree(
                "{\"expr\":" + UP_JSON + ",\"offset\":0,\"offsetExpr\":null,\"range\":300000,\"rangeExpr\":null,"
                        + "\"startOrEnd\":\"end\",\"step\":0,\"stepExpr\":null,\"timestamp\":null,\"type\":\"subquery\"}",
                new QueryTree.Subquery(
                        UP,
                        new QueryTree.Duration(300_000, Optional.empty()),
                        QueryTree.Duration.NONE,
                        new QueryTree.Shift(QueryTree.Duration.NONE, OptionalLong.empty(), QueryTree.Pin.END)));
    }

    @Test
    void writesOperatorsCallsAndAggregations() {
        assertTree(
                "{\"expr\":" + UP_JSON
                        + ",\"grouping\":[\"job\"],\"op\":\"topk\",\"param\":{\"type\":\"numberLiteral\",\"val\":\"+Inf\"},"
                        + "\"type\":\"aggregation\",\"without\":true}",
                new QueryTree.Aggregation(
                        "topk",
                        UP,
                        Optional.of(new QueryTree.NumberLiteral(Double.POSITIVE_INFINITY, false)),
                        List.of("job"),
                        true));
        assertTree(
                "{\"args\":[{\"type\":\"stringLiteral\",\"val\":\"é\"},{\"expr\":{\"type\":\"numberLiteral\",\"val\":\"0.0000001\"},"
                        + "\"type\":\"parenExpr\"}],\"func\":{\"argTypes\":[\"string\",\"scalar\"],\"name\":\"f\","
                        + "\"returnType\":\"vector\",\"variadic\":-1},\"type\":\"call\"}",
                new QueryTree.Call(
                        new QueryTree.Function("f", List.of("string", "scalar"), -1, "vector"),
                        List.of(
                                new QueryTree.StringLiteral("é"),
                                new QueryTree.Paren(new QueryTree.NumberLiteral(1e-7, false)))));
        assertTree(
                "{\"bool\":true,\"lhs\":" + UP_JSON
                        + ",\"matching\":{\"card\":\"many-to-one\",\"fillValues\":{\"lhs\":null,\"rhs\":0.5},"
                        + "\"include\":[\"b\"],\"labels\":[\"a\"],\"on\":true},\"op\":\"==\",\"rhs\":{\"expr\":"
                        + UP_JSON
                        + ",\"op\":\"-\",\"type\":\"unaryExpr\"},\"type\":\"binaryExpr\"}",
                new QueryTree.Binary(
                        "==",
                        UP,
                        new QueryTree.Unary("-", UP),
                        Optional.of(new QueryTree.Matching(
                                QueryTree.Cardinality.MANY_TO_ONE,
                                true,
                                List.of("a"),
                                List.of("b"),
                                Optional.empty(),
                                Optional.of(0.5))),
                        true));
    }

    @Test
    void writesLongChainsOfOperators() {
        QueryTree one = new QueryTree.NumberLiteral(1, false);
        QueryTree chain = one;
        for (int i = 0; i < 100_000; i++) {
            chain = new QueryTree.Binary("+", chain, one, Optional.empty(), false);
        }
        engine.tree = chain;
        String text = api.get("parse_query?query=x").text();
        assertEquals(100_000, text.split("\"binaryExpr\"", -1).length - 1);
    }
}
