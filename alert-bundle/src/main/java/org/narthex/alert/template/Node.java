package org.narthex.alert.template;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The syntax tree of a template; {@code position} is the char index in its text. {@code toString} gives the source back, for messages. */
sealed interface Node {
    int position();

    record Text(int position, String text) implements Node {}

    record Action(int position, Pipe pipe) implements Node {}

    record If(int position, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record With(int position, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record Range(int position, Pipe pipe, List<Node> body, List<Node> otherwise) implements Node {}

    record Break(int position) implements Node {}

    record Continue(int position) implements Node {}

    /** Executes another template of the set. */
    record Call(int position, String template, Optional<Pipe> pipe) implements Node {}

    /** {@code $a, $b := command | command}. */
    record Pipe(int position, List<String> variables, boolean assigns, List<Command> commands) implements Expression {
        @Override
        public String toString() {
            String left = variables.isEmpty() ? "" : String.join(", ", variables) + (assigns ? " = " : " := ");
            return left + commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
        }
    }

    /** An operand, or a function or method with its arguments. */
    record Command(int position, List<Expression> arguments) implements Node {
        @Override
        public String toString() {
            return arguments.stream()
                    .map(argument -> argument instanceof Pipe ? "(" + argument + ")" : argument.toString())
                    .collect(Collectors.joining(" "));
        }
    }

    /** What can be an argument. */
    sealed interface Expression extends Node {}

    record Dot(int position) implements Expression {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Nil(int position) implements Expression {
        @Override
        public String toString() {
            return "nil";
        }
    }

    /** A number, string, truth value or character. */
    record Literal(int position, Object value, String source) implements Expression {
        @Override
        public String toString() {
            return source;
        }
    }

    /** A function's name. */
    record Identifier(int position, String name) implements Expression {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code .a.b} */
    record Field(int position, List<String> names) implements Expression {
        @Override
        public String toString() {
            return "." + String.join(".", names);
        }
    }

    /** {@code $x.a.b} */
    record Variable(int position, String name, List<String> fields) implements Expression {
        @Override
        public String toString() {
            return fields.isEmpty() ? name : name + "." + String.join(".", fields);
        }
    }

    /** {@code (pipe).a.b} */
    record Chain(int position, Expression of, List<String> fields) implements Expression {
        @Override
        public String toString() {
            return (of instanceof Pipe ? "(" + of + ")" : of.toString()) + "." + String.join(".", fields);
        }
    }
}
