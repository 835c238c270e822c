package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlOutputTest {
    private static final NotificationTemplates TEMPLATES = NotificationTemplates.none(InstantSource.system());

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '~',
            value = {
                "<p>{{ . }}</p> => <p>&lt;a b=&#34;c&#34;&gt;&amp;1&#43;1</p>",
                "<p title=\"{{ . }}\"> => <p title=\"&lt;a b=&#34;c&#34;&gt;&amp;1&#43;1\">",
                "<p title={{ . }}>x => <p title=&lt;a&#32;b&#61;&#34;c&#34;&gt;&amp;1&#43;1>x",
                "<p title='{{ safeHtml \"a<i>b</i>\" }}'> => <p title='ab'>",
                "a<!-- {{ . }} -->b => ab",
                "<textarea>{{ . }}</textarea> => <textarea>&lt;a b=&#34;c&#34;&gt;&amp;1&#43;1</textarea>",
                "<a href=\"{{ \"javascript:x()\" }}\"> => <a href=\"#ZgotmplZ\">",
                "<a href=\"{{ \"https://h/a b?x=1&y\" }}\"> => <a href=\"https://h/a%20b?x=1&amp;y\">",
                "<a href=\"{{ \"/a\" }}?q={{ \"a&b=c d\" }}\"> => <a href=\"/a?q=a%26b%3dc%20d\">",
                "<a href=\"{{ safeUrl \"tel:1\" }}\"> => <a href=\"tel:1\">",
                "<script>f({{ . }}, 1 +{{ 2 }})</script> => <script>f(\"\\u003ca b=\\\"c\\\"\\u003e\\u00261+1\", 1 + 2 )</script>",
                "<script>f('{{ \"a'b\" }}')</script>{{ \"<\" }} => <script>f('a\\'b')</script>&lt;",
                "<p style=\"color: {{ \"red\" }}\"> => <p style=\"color: red\">",
                "<p style=\"color: {{ \"red; x: expression(1)\" }}\"> => <p style=\"color: ZgotmplZ\">",
                "<p {{ \"onclick\" }}=x> => <p ZgotmplZ=x>",
                "<p>{{ template \"t\" . }}{{ define \"t\" }}<b title=\"{{ . }}\">{{ end }} => <p><b title=\"&lt;a b=&#34;c&#34;&gt;&amp;1&#43;1\">",
                "a < b {{ \"<\" }} => a < b &lt;",
            })
    void escapesByPlace(String template, String expected) throws TemplateException {
        assertThat(TEMPLATES.executeHtml(template, "<a b=\"c\">&1+1")).isEqualTo(expected);
    }

    @Test
    void callsTemplatesOfOtherTexts() throws TemplateException {
        NotificationTemplates templates = TEMPLATES
                .with("a.tmpl", "{{ define \"greet\" }}hello {{ .name }}{{ end }}")
                .with("b.tmpl", "{{ define \"greet\" }}hi {{ .name }}{{ end }}{{ define \"empty\" }} {{ end }}");
        assertThat(templates.execute("{{ template \"greet\" . }}!", Map.of("name", "you")))
                .isEqualTo("hi you!");
        assertThat(templates
                        .with("c.tmpl", "{{ define \"greet\" }} {{ end }}")
                        .execute("{{ template \"greet\" . }}", Map.of("name", "you")))
                .as("one without content replaces none")
                .isEqualTo("hi you");
    }

    @Test
    void namesTheFileOfAFailingTemplate() throws TemplateException {
        NotificationTemplates templates = TEMPLATES.with("a.tmpl", "\n{{ define \"t\" }}{{ index . 3 }}{{ end }}");
        assertThatThrownBy(() -> templates.execute("{{ template \"t\" . }}", java.util.List.of()))
                .hasMessageContaining("template: a.tmpl:2:")
                .hasMessageContaining("executing \"t\" at <index . 3>");
        assertThatThrownBy(() -> TEMPLATES.with("bad.tmpl", "{{ nosuch }}"))
                .hasMessage("template: bad.tmpl:1: function \"nosuch\" not defined");
        assertThatThrownBy(() -> TEMPLATES.with("twice.tmpl", "{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}"))
                .hasMessageContaining("multiple definition of template \"a\"");
    }
}
