package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.ExternalAlertmanagers;
import org.narthex.api.config.Flag;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.StorageFault;

class StatusResourceTest {
    private final LiveServices services = Fakes.services();
    private final TestApi api =
            new TestApi(services, TestApi.ready(services), Map.of(Flag.STORAGE_RETENTION_TIME.property(), "30d"));

    private JsonObject data(String path) {
        return Json.parse(api.get(path).text()).asJsonObject().getJsonObject("data");
    }

    @Test
    void showsTheConfigurationInForce() {
        assertEquals("global: {}\n", data("status/config").getString("yaml"));
    }

    @Test
    void showsAllFlags() {
        assertEquals("30d", data("status/flags").getString("storage.tsdb.retention.time"));
        assertEquals(Flag.values().length, data("status/flags").size());
    }

    @Test
    void showsTheBuild() {
        assertEquals("1.2.3", data("status/buildinfo").getString("version"));
        assertTrue(data("status/buildinfo").getString("goVersion").startsWith("java"));
    }

    @Test
    void showsTheRuntime() {
        JsonObject info = data("status/runtimeinfo");
        assertEquals("2023-11-14T22:13:20.500Z", info.getString("serverTime"));
        assertEquals("2023-11-14T22:13:20Z", info.getString("lastConfigTime"));
        assertEquals("30d", info.getString("storageRetention"));
        assertTrue(info.getBoolean("reloadConfigSuccess"));
        assertEquals(13, info.size());
    }

    @Test
    void countsLabels() throws IOException {
        services.setStorage(
                new Fakes.Series(Labels.of("__name__", "up", "job", "a"), Labels.of("__name__", "up", "job", "bb")));
        Json.assertGolden("tsdb.json", api.get("status/tsdb?limit=2").text());
        assertEquals(400, api.get("status/tsdb?limit=0").status());
    }

    @Test
    void takesTheStoragesOwnCountsWhereItHasThem() {
        Fakes.Series storage = new Fakes.Series();
        CardinalityStats.Count count = new CardinalityStats.Count("up", 5);
        storage.cardinality = Optional.of(new CardinalityStats(List.of(count), List.of(), List.of(), List.of(count)));
        services.setStorage(storage);
        assertEquals(
                Json.parse("[{\"name\":\"up\",\"value\":5}]"),
                data("status/tsdb").getJsonArray("seriesCountByMetricName"));
        assertEquals(
                0,
                data("status/tsdb").getJsonArray("labelValueCountByLabelName").size());
    }

    @Test
    void listsWhatIsWrongWithTheStorage() {
        Fakes.Series storage = new Fakes.Series();
        storage.faults = List.of(new StorageFault("chunks/000001", "checksum mismatch", 1_700_000_000_000L, true));
        services.setStorage(storage);
        assertEquals(
                Json.parse("{\"faults\":[{\"part\":\"chunks/000001\",\"reason\":\"checksum mismatch\","
                        + "\"since\":\"2023-11-14T22:13:20Z\",\"over\":true}]}"),
                data("status/storage"));
    }

    @Test
    void listsTheAlertmanagersThatAreTold() {
        assertEquals(Json.parse("{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}"), data("alertmanagers"));
        services.setExternalAlertmanagers(new ExternalAlertmanagers() {
            @Override
            public List<String> active() {
                return List.of("http://a:9093/api/v2/alerts");
            }

            @Override
            public List<String> dropped() {
                return List.of("http://b:9093/api/v2/alerts");
            }
        });
        assertEquals(
                Json.parse("{\"activeAlertmanagers\":[{\"url\":\"http://a:9093/api/v2/alerts\"}],"
                        + "\"droppedAlertmanagers\":[{\"url\":\"http://b:9093/api/v2/alerts\"}]}"),
                data("alertmanagers"));
    }
}
