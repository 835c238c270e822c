package org.narthex.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.RejectedException;

class JiraChannelTest extends ChannelTesting {
    private static final String SECTION = """
            {"api_url": "URL/rest/api/2", "project": "OPS", "issue_type": "Bug", "summary": "s", "priority": "High",
             "description": {"template": "d", "enable_update": false}, "labels": ["z", "b"], "reopen_transition": "Reopen",
             "resolve_transition": "Done", "reopen_duration": "30d", "wont_fix_resolution": "Won't",
             "fields": {"customfield_1": {"value": "red"}, "points": "3"}}""";

    @Test
    void makesAnIssueForAGroupThatHasNone() throws Exception {
        service.answers("/search", "{\"issues\": []}");
        new JiraChannel(service).send(FIRING, section(SECTION));
        assertThat(service.told).hasSize(2);
        assertThat(service.told.get(0).path()).isEqualTo("/rest/api/2/search");
        assertThat(service.told.get(0).json()).isEqualTo(json("""
                {"jql": "resolution != \\"Won't\\" and (resolutiondate is EMPTY OR resolutiondate >= -43200m) and project=\\"OPS\\" and labels=\\"ALERT{%s}\\" order by status ASC,resolutiondate DESC",
                 "maxResults": 2, "fields": ["status"]}""".formatted(HASH)));
        assertThat(service.last().method()).isEqualTo("POST");
        assertThat(service.last().path()).isEqualTo("/rest/api/2/issue");
        assertThat(service.last().json()).isEqualTo(json("""
                {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "s", "description": "d",
                 "labels": ["ALERT{%s}", "b", "z"], "priority": {"name": "High"}, "customfield_1": {"value": "red"},
                 "points": 3}}""".formatted(HASH)));
    }

    @Test
    void makesNoneForWhatIsOver() throws Exception {
        service.answers("/search", "{\"issues\": []}");
        new JiraChannel(service).send(RESOLVED, section(SECTION));
        assertThat(service.told).hasSize(1);
        assertThat(service.last().json().getString("jql")).contains("statusCategory != Done and ");
    }

    @Test
    void changesAndClosesTheIssue() throws Exception {
        service.answers("/search", """
                {"issues": [{"key": "OPS-7", "fields": {"status": {"statusCategory": {"key": "new"}}}}]}""");
        service.answers("/transitions", "{\"transitions\": [{\"id\": \"3\", \"name\": \"Done\"}]}");
        new JiraChannel(service).send(RESOLVED, section(SECTION));
        assertThat(service.told).hasSize(4);
        assertThat(service.told.get(1).method()).isEqualTo("PUT");
        assertThat(service.told.get(1).path()).isEqualTo("/rest/api/2/issue/OPS-7");
        assertThat(service.told.get(1).json().getJsonObject("fields"))
                .containsKey("summary")
                .doesNotContainKey("description");
        assertThat(service.told.get(2).method()).isEqualTo("GET");
        assertThat(service.last().path()).isEqualTo("/rest/api/2/issue/OPS-7/transitions");
        assertThat(service.last().json()).isEqualTo(json("{\"transition\": {\"id\": \"3\"}}"));
    }

    @Test
    void saysWhichTransitionIsMissing() {
        service.answers("/search", """
                {"issues": [{"key": "OPS-7", "fields": {"status": {"statusCategory": {"key": "done"}}}}]}""");
        service.answers("/transitions", "{\"transitions\": []}");
        assertThatThrownBy(() -> new JiraChannel(service).send(FIRING, section(SECTION)))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("there is no transition Reopen for issue/OPS-7");
    }

    @Test
    void searchesTheCloudInItsOwnWay() throws Exception {
        service.answers("/search", "{\"issues\": []}");
        new JiraChannel(service)
                .send(RESOLVED, section(SECTION.replace("\"project\"", "\"api_type\": \"cloud\", \"project\"")));
        assertThat(service.last().path()).isEqualTo("/rest/api/3/search/jql");
    }

    @Test
    void writesDescriptionsOfVersion3AsDocuments() throws Exception {
        service.answers("/search", "{\"issues\": []}");
        String third = SECTION.replace("api/2", "api/3");
        new JiraChannel(service)
                .send(
                        FIRING,
                        section(third.replace("\"template\": \"d\"", "\"template\": \"{\\\"type\\\":\\\"doc\\\"}\"")));
        assertThat(service.last().json().getJsonObject("fields").getJsonObject("description"))
                .isEqualTo(json("{\"type\": \"doc\"}"));
        assertThatThrownBy(() -> new JiraChannel(service).send(FIRING, section(third)))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("description");
    }
}
