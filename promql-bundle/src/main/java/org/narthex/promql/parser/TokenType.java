package org.narthex.promql.parser;

import java.util.HashMap;
import java.util.Map;

/** Kinds of tokens, in Prometheus' names. */
public enum TokenType {
    EOF,
    ERROR,
    COMMENT,
    IDENTIFIER,
    METRIC_IDENTIFIER,
    NUMBER,
    DURATION,
    STRING,
    LEFT_PAREN("("),
    RIGHT_PAREN(")"),
    LEFT_BRACE("{"),
    RIGHT_BRACE("}"),
    LEFT_BRACKET("["),
    RIGHT_BRACKET("]"),
    COMMA(","),
    COLON(":"),
    EQL("="),
    // Operators of expressions.
    ADD("+"),
    SUB("-"),
    MUL("*"),
    DIV("/"),
    MOD("%"),
    POW("^"),
    AT("@"),
    EQLC("=="),
    NEQ("!="),
    LTE("<="),
    LSS("<"),
    GTE(">="),
    GTR(">"),
    EQL_REGEX("=~"),
    NEQ_REGEX("!~"),
    TRIM_UPPER("</"),
    TRIM_LOWER(">/"),
    LAND("and"),
    LOR("or"),
    LUNLESS("unless"),
    ATAN2("atan2"),
    // Aggregations.
    SUM("sum"),
    AVG("avg"),
    COUNT("count"),
    MIN("min"),
    MAX("max"),
    GROUP("group"),
    STDDEV("stddev"),
    STDVAR("stdvar"),
    TOPK("topk"),
    BOTTOMK("bottomk"),
    COUNT_VALUES("count_values"),
    QUANTILE("quantile"),
    LIMITK("limitk"),
    LIMIT_RATIO("limit_ratio"),
    // Other keywords.
    OFFSET("offset"),
    SMOOTHED("smoothed"),
    ANCHORED("anchored"),
    BY("by"),
    WITHOUT("without"),
    ON("on"),
    IGNORING("ignoring"),
    GROUP_LEFT("group_left"),
    GROUP_RIGHT("group_right"),
    BOOL("bool"),
    FILL("fill"),
    FILL_LEFT("fill_left"),
    FILL_RIGHT("fill_right"),
    START("start"),
    END("end"),
    STEP("step"),
    RANGE("range"),
    MIN_OF("min_of"),
    MAX_OF("max_of");

    private static final Map<String, TokenType> KEYWORDS = keywords();

    private final String text;

    TokenType() {
        this("");
    }

    TokenType(String text) {
        this.text = text;
    }

    /** The one spelling of the token; empty if it has many. */
    public String text() {
        return text;
    }

    public boolean isOperator() {
        return compareTo(ADD) >= 0 && compareTo(ATAN2) <= 0;
    }

    public boolean isComparison() {
        return this == EQLC || this == NEQ || this == LTE || this == LSS || this == GTE || this == GTR;
    }

    public boolean isSetOperator() {
        return this == LAND || this == LOR || this == LUNLESS;
    }

    public boolean isAggregation() {
        return compareTo(SUM) >= 0 && compareTo(LIMIT_RATIO) <= 0;
    }

    public boolean isAggregationWithParameter() {
        return compareTo(TOPK) >= 0 && compareTo(LIMIT_RATIO) <= 0;
    }

    boolean isKeyword() {
        return compareTo(LAND) >= 0;
    }

    /** Whether the word may also be the name of a metric. */
    boolean mayNameMetric() {
        return isKeyword()
                && this != ON
                && this != IGNORING
                && this != GROUP_LEFT
                && this != GROUP_RIGHT
                && this != BOOL
                && this != ATAN2;
    }

    /** The keyword of that spelling in lower case, or {@code null}. */
    public static TokenType keyword(String lowerCase) {
        return KEYWORDS.get(lowerCase);
    }

    private static Map<String, TokenType> keywords() {
        Map<String, TokenType> words = new HashMap<>();
        for (TokenType type : values()) {
            if (type.isKeyword()) {
                words.put(type.text, type);
            }
        }
        words.put("inf", NUMBER);
        words.put("nan", NUMBER);
        return words;
    }
}
