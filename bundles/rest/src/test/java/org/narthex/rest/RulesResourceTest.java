package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.model.Labels;

class RulesResourceTest {
    private static final long T = 1_700_000_000_000L;

    private final LiveServices services = Fakes.services();
    private final TestApi api = new TestApi(services);

    RulesResourceTest() {
        RuleStates.Rule recording = new RuleStates.Recording(
                "job:up:sum", "sum by (job) (up)", Labels.of("team", "x"), RuleStates.Health.OK, "", 0.5, T);
        RuleStates.Rule alerting = new RuleStates.Alerting(
                "Down",
                "up == 0",
                60,
                0,
                Labels.of("severity", "page"),
                Labels.of("summary", "it is down"),
                RuleStates.State.FIRING,
                List.of(new RuleStates.ActiveAlert(
                        Labels.of("alertname", "Down", "severity", "page"),
                        Labels.of("summary", "a is down"),
                        RuleStates.State.FIRING,
                        T,
                        T + 1000,
                        1.5)),
                RuleStates.Health.ERR,
                "no",
                0.25,
                T);
        RuleStates.Rule other = new RuleStates.Recording("a:b", "a", Labels.EMPTY, RuleStates.Health.UNKNOWN, "", 0, 0);
        services.setRuleStates(new Fakes.Rules(List.of(
                new RuleStates.Group("g1", "a.yml", 15_000, 0, List.of(recording, alerting), 0.75, T),
                new RuleStates.Group("g2", "b.yml", 500, 7, List.of(other), 0, 0))));
    }

    private JsonObject data(String path) {
        TestApi.Answer answer = api.get(path);
        assertEquals(200, answer.status(), answer.text());
        return Json.parse(answer.text()).asJsonObject().getJsonObject("data");
    }

    /** Names of all rules answered, group by group. */
    private String names(String path) {
        StringBuilder names = new StringBuilder();
        for (JsonValue group : data(path).getJsonArray("groups")) {
            names.append(group.asJsonObject().getString("name")).append('(');
            for (JsonValue rule : group.asJsonObject().getJsonArray("rules")) {
                names.append(rule.asJsonObject().getString("name")).append(' ');
            }
            names.append(')');
        }
        return names.toString();
    }

    @Test
    void listsAllRules() throws IOException {
        Json.assertGolden("rules.json", api.get("rules").text());
    }

    @Test
    void filtersRulesAndLeavesOutEmptyGroups() {
        assertEquals("g1(Down )", names("rules?type=alert"));
        assertEquals("g1(job:up:sum )g2(a:b )", names("rules?type=record"));
        assertEquals("g2(a:b )", names("rules?rule_name[]=a:b&rule_name[]=none"));
        assertEquals("g2(a:b )", names("rules?rule_group[]=g2"));
        assertEquals("g1(job:up:sum Down )", names("rules?file[]=a.yml"));
        assertEquals("g1(Down )", names("rules?match[]=severity%3Dpage"));
    }

    @Test
    void leavesOutAlertsWhenAskedTo() {
        assertTrue(api.get("rules").text().contains("a is down"));
        assertFalse(api.get("rules?exclude_alerts=true").text().contains("a is down"));
    }

    @Test
    void goesThroughGroupsPageByPage() {
        String token = data("rules?group_limit=1").getString("groupNextToken");
        assertEquals("g1(job:up:sum Down )", names("rules?group_limit=1"));
        assertEquals("g2(a:b )", names("rules?group_limit=1&group_next_token=" + token));
        assertFalse(data("rules?group_limit=1&group_next_token=" + token).containsKey("groupNextToken"));
    }

    @Test
    void refusesParametersWithoutSense() {
        for (String bad : List.of(
                "rules?type=x",
                "rules?exclude_alerts=maybe",
                "rules?group_limit=0",
                "rules?group_next_token=x",
                "rules?group_limit=1&group_next_token=x")) {
            assertEquals(400, api.get(bad).status(), bad);
        }
    }

    @Test
    void listsAlerts() {
        assertEquals(1, data("alerts").getJsonArray("alerts").size());
        assertEquals(
                "1.5e+00",
                data("alerts").getJsonArray("alerts").getJsonObject(0).getString("value"));
    }
}
