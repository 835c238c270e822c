package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.RuleTimeMachine;
import org.narthex.api.config.Flag;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

class RuleTimeMachineResourceTest {
    private final List<String> calls = new ArrayList<>();
    private final LiveServices services = Fakes.services();

    RuleTimeMachineResourceTest() {
        services.setRuleTimeMachine(new RuleTimeMachine() {
            @Override
            public List<Episode> preview(RuleGroup.Rule rule, long fromMs, long toMs, long stepMs)
                    throws QueryException {
                if (rule.expression().equals("bad(")) {
                    throw new QueryException(QueryException.Kind.BAD_DATA, "no end");
                }
                calls.add(rule.name() + " " + rule.expression() + " " + rule.forMs() + " " + rule.labels() + " "
                        + fromMs + " " + toMs + " " + stepMs);
                Labels labels = Labels.of("alertname", rule.name());
                return List.of(
                        new Episode(labels, Labels.EMPTY, 1000, 2000, 3000),
                        new Episode(labels, Labels.EMPTY, 4000, 0, 0));
            }

            @Override
            public Filled backfill(String file, String group, String rule, long fromMs, long toMs) {
                if (!group.equals("g")) {
                    throw new NoSuchElementException("there is no group " + group);
                }
                calls.add(file + " " + group + " " + rule + " " + fromMs + " " + toMs);
                return new Filled(3, 7, 1, "why");
            }
        });
    }

    private TestApi api(String admin) {
        return new TestApi(services, TestApi.ready(services), Map.of(Flag.WEB_ENABLE_ADMIN_API.property(), admin));
    }

    @Test
    void previewsAnAlertingRule() {
        TestApi.Answer answer = api("false")
                .postForm("rules/preview", "expr=up+%3D%3D+0&alert=Down&for=5m&label=a%3Db&start=10&end=20&step=5");
        Json.assertSame(
                "{\"status\":\"success\",\"data\":{\"fired\":1,\"alerts\":[{\"labels\":{\"alertname\":\"Down\"},"
                        + "\"annotations\":{},\"activeAt\":\"1970-01-01T00:00:01Z\",\"firedAt\":\"1970-01-01T00:00:02Z\","
                        + "\"endedAt\":\"1970-01-01T00:00:03Z\"},{\"labels\":{\"alertname\":\"Down\"},\"annotations\":{},"
                        + "\"activeAt\":\"1970-01-01T00:00:04Z\"}]}}",
                answer.text());
        assertThat(calls).containsExactly("Down up == 0 300000 {a=b} 10000 20000 5000");
        assertThat(api("false").get("rules/preview?expr=bad(&start=1").status()).isEqualTo(400);
        assertThat(api("false").get("rules/preview?start=1").status()).isEqualTo(400);
        assertThat(api("false").get("rules/preview?expr=x&label=y&start=1").status())
                .isEqualTo(400);
    }

    @Test
    void fillsInOnlyWhereThatIsAllowed() {
        String form = "file=f.yml&group=g&rule=r&start=10&end=20";
        assertThat(api("false").postForm("rules/backfill", form).text()).contains("admin APIs disabled");
        Json.assertSame(
                "{\"status\":\"success\",\"data\":{\"evaluations\":3,\"samples\":7,\"failures\":1,"
                        + "\"firstError\":\"why\"}}",
                api("true").postForm("rules/backfill", form).text());
        assertThat(calls).containsExactly("f.yml g r 10000 20000");
        assertThat(api("true").postForm("rules/backfill", "group=h&start=1").status())
                .isEqualTo(404);
    }
}
