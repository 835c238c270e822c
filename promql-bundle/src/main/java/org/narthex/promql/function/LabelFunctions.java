package org.narthex.promql.function;

import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Regex;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Budget;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Functions that change labels and leave values alone. */
final class LabelFunctions {
    private LabelFunctions() {}

    static void addTo(Functions table) {
        ValueType vector = ValueType.VECTOR;
        ValueType string = ValueType.STRING;
        table.add(
                Signature.of("label_replace", vector, vector, string, string, string, string),
                new Kernel.General(LabelFunctions::replace));
        table.add(
                Signature.of("label_join", vector, vector, string, string, string)
                        .withVariadic(-1),
                new Kernel.General(LabelFunctions::join));
    }

    private static Value replace(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        List<Expr> arguments = call.arguments();
        String target = evaluator.text(arguments.get(1), grid);
        String replacement = evaluator.text(arguments.get(2), grid);
        String source = evaluator.text(arguments.get(3), grid);
        Regex regex;
        try {
            regex = Regex.compile(evaluator.text(arguments.get(4), grid));
        } catch (IllegalArgumentException e) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION, "invalid regular expression in label_replace(): " + e.getMessage());
        }
        requireLabelName(target, "label_replace");
        long references = replacement.chars().filter(c -> c == '$').count();
        return relabelled(evaluator, evaluator.rows(arguments.get(0), grid), target, new Relabelling() {
            @Override
            public long bytes(Labels labels) {
                return replacement.length() + references * labels.get(source).length();
            }

            @Override
            public Optional<Labels> apply(Labels labels) {
                Optional<String> value = regex.expand(labels.get(source), replacement);
                return value.map(text -> labels.toBuilder().set(target, text).build());
            }
        });
    }

    private static Value join(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        List<Expr> arguments = call.arguments();
        String target = evaluator.text(arguments.get(1), grid);
        String separator = evaluator.text(arguments.get(2), grid);
        String[] sources = new String[arguments.size() - 3];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = evaluator.text(arguments.get(i + 3), grid);
            if (sources[i].isEmpty() || !Quoting.isValidUtf8(sources[i])) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION, "invalid source label name in label_join(): " + sources[i]);
            }
        }
        requireLabelName(target, "label_join");
        return relabelled(evaluator, evaluator.rows(arguments.get(0), grid), target, new Relabelling() {
            @Override
            public long bytes(Labels labels) {
                long bytes = 0;
                for (String name : sources) {
                    bytes += separator.length() + (long) labels.get(name).length();
                }
                return bytes;
            }

            @Override
            public Optional<Labels> apply(Labels labels) {
                StringBuilder joined = new StringBuilder();
                for (int i = 0; i < sources.length; i++) {
                    joined.append(i == 0 ? "" : separator).append(labels.get(sources[i]));
                }
                return Optional.of(
                        labels.toBuilder().set(target, joined.toString()).build());
            }
        });
    }

    private static void requireLabelName(String name, String function) throws QueryException {
        if (name.isEmpty() || !Quoting.isValidUtf8(name)) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION, "invalid destination label name in " + function + "(): " + name);
        }
    }

    private interface Relabelling {
        /** How much memory the new label takes at most. */
        long bytes(Labels labels);

        /** The new labels, or empty if the old ones stay. */
        Optional<Labels> apply(Labels labels);
    }

    private static Value relabelled(Evaluator evaluator, Rows rows, String target, Relabelling relabelling)
            throws QueryException {
        Budget budget = evaluator.query().budget();
        Rows result = new Rows();
        boolean namesMetric = target.equals(Labels.METRIC_NAME);
        for (int row = 0; row < rows.size(); row++) {
            budget.check();
            long bytes = relabelling.bytes(rows.labels(row));
            budget.holdBytes(bytes);
            result.addLabelBytes(bytes);
            Optional<Labels> labels = relabelling.apply(rows.labels(row));
            // A name set on purpose is not to be dropped.
            boolean drops = rows.dropsName(row) && !(namesMetric && labels.isPresent());
            result.add(labels.orElse(rows.labels(row)), drops, rows.row(row));
        }
        return result.joined();
    }
}
