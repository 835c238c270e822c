package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.model.Labels;

class AlertTemplateTest {
    private static final Labels METRIC = Labels.of("__name__", "up", "instance", "host:9100", "job", "node");

    private static String expand(String text) throws TemplateException {
        AlertTemplate.Scope scope = new AlertTemplate.Scope(
                1_353_755_652_000L,
                Labels.of("region", "eu"),
                "http://narthex.example",
                expression -> expression.equals("bad")
                        ? failing()
                        : List.of(new Sample(Labels.of("i", "b"), 2.0), new Sample(Labels.of("i", "a"), 1.0)));
        return new AlertTemplate("Down", text).expand(scope, METRIC, 1234.5);
    }

    private static List<Sample> failing() {
        throw new IllegalStateException("storage is away");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "plain } text => plain } text",
                "{{ $labels.instance }} of {{ .Labels.job }} => host:9100 of node",
                "{{ $value }} => 1234.5",
                "{{ $labels.nothing }}! => !",
                "{{ $externalLabels.region }} {{ $externalURL }} => eu http://narthex.example",
                "a {{- /* nothing */ -}} b => ab",
                "{{ if gt $value 1000.0 }}high{{ else if gt $value 10.0 }}middle{{ else }}low{{ end }} => high",
                "{{ if and $labels.job (eq $labels.job \"x\" \"node\") }}yes{{ end }} => yes",
                "{{ with $labels.nothing }}{{ . }}{{ else }}none{{ end }} => none",
                "{{ with $x := $labels.job }}{{ $x }}{{ end }} => node",
                "{{ range query \"q\" | sortByLabel \"i\" }}{{ .Labels.i }}={{ .Value }} {{ end }} => 'a=1 b=2 '",
                "{{ range $i, $s := query \"q\" }}{{ $i }}{{ $s.Labels.i }}{{ end }} => 0b1a",
                "{{ range query \"q\" }}{{ if eq .Value 1.0 }}{{ continue }}{{ end }}{{ .Labels.i }}{{ end }} => b",
                "{{ range $k, $v := $labels }}{{ $k }} {{ end }} => '__name__ instance job '",
                "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }} => 2",
                "{{ printf \"%s is %.2f%% %5d|%-4s|%q\" \"x\" 12.345 42 \"ab\" \"c\" }} => x is 12.35%    42|ab  |\"c\"",
                "{{ printf \"%d\" 1.5 }} => %!d(float64=1.5)",
                "{{ len $labels }} {{ index $labels \"job\" }} => 3 node",
                "{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" $labels.job }} => <node>",
                "{{ not true }} {{ or \"\" \"b\" }} {{ ne 1 2 }} => false b true",
                "{{ \"a\\tb\" | printf \"%s-%s\" \"x\" }} => x-a\tb",
                "{{ `raw \\n` }} => raw \\n",
                "{{ 100000.0 }} {{ 1000000.0 }} {{ 0.0001 }} {{ 0.00001 }} => 100000 1e+06 0.0001 1e-05",
                "{{ reReplaceAll \"(.*):.*\" \"$1\" $labels.instance }} => host",
                "{{ $labels }} => map[__name__:up instance:host:9100 job:node]",
                "{{ 'a' }} {{ 0x10 }} {{ 1e3 }} => 97 16 1000",
            })
    void expands(String template, String expected) throws TemplateException {
        assertThat(expand(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "{{ if }}x{{ end }}",
                "{{ if true }}",
                "{{ end }}",
                "{{ nosuch 1 }}",
                "{{ $nosuch }}",
                "{{ \"open }}",
                "{{ (1 }}",
                "{{ 1 | }}",
                "{{ . | 1 }}",
                "{{ break }}",
                "{{/* open",
                "{{ else }}",
                "{{ 1a }}",
                "{{ .a! }}",
                "{{ range $a, $b, $c := . }}{{ end }}",
                "{{ template x }}",
                "{{ }}",
                "{{ nil.x }}"
            })
    void refuses(String template) {
        assertThatThrownBy(() -> new AlertTemplate("Down", template).check())
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template: __alert_Down:1: ");
    }

    @Test
    void saysWhereExecutionFailed() {
        assertThatThrownBy(() -> expand("{{ query \"bad\" }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("error executing template __alert_Down: template: __alert_Down:1:")
                .hasMessageEndingWith("at <query \"bad\">: error calling query: storage is away");
    }

    @Test
    void stopsEndlessRecursion() {
        assertThatThrownBy(() -> expand("{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("exceeded maximum template depth");
    }
}
