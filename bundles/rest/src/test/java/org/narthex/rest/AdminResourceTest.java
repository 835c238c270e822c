package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.Flag;

class AdminResourceTest {
    private final LiveServices services = Fakes.services();
    private final Fakes.Series storage = new Fakes.Series();

    @TempDir
    private Path data;

    AdminResourceTest() {
        services.setStorage(storage);
    }

    private TestApi api(boolean enabled) {
        return new TestApi(
                services,
                TestApi.ready(services),
                Map.of(
                        Flag.WEB_ENABLE_ADMIN_API.property(), String.valueOf(enabled),
                        Flag.STORAGE_PATH.property(), data.toString()));
    }

    @Test
    void refusesEverythingUnlessItIsSwitchedOn() {
        for (String path : List.of("delete_series?match[]=up", "clean_tombstones", "snapshot")) {
            TestApi.Answer answer = api(false).call("POST", "admin/tsdb/" + path, "");
            assertEquals(500, answer.status());
            assertEquals(
                    "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"admin APIs disabled\"}",
                    answer.text());
        }
        assertEquals(List.of(), storage.commands);
    }

    @Test
    void deletesWhatAnySelectorMatchesWithinTheTimes() {
        TestApi.Answer answer =
                api(true).call("PUT", "admin/tsdb/delete_series?match[]=up&match[]=job=a&start=1&end=2.5", "");
        assertEquals(204, answer.status());
        assertEquals(2, storage.commands.size());
        assertTrue(storage.commands.get(0).contains("up"), storage.commands::toString);
        assertTrue(storage.commands.get(1).endsWith(" 1000 2500"), storage.commands::toString);
    }

    @Test
    void deletesNothingIfOneSelectorIsWrong() {
        TestApi api = api(true);
        assertEquals(400, api.call("POST", "admin/tsdb/delete_series", "").status());
        assertEquals(
                400,
                api.postForm("admin/tsdb/delete_series", "match[]=up&match[]=%7B")
                        .status());
        assertEquals(List.of(), storage.commands);
    }

    @Test
    void givesBackTheRoomOfDeletedSamples() {
        assertEquals(
                204, api(true).call("POST", "admin/tsdb/clean_tombstones", "").status());
        assertEquals(List.of("clean"), storage.commands);
    }

    @Test
    void takesSnapshotsBelowTheDataFolder() {
        TestApi.Answer answer = api(true).call("POST", "admin/tsdb/snapshot", "");
        String name =
                Json.parse(answer.text()).asJsonObject().getJsonObject("data").getString("name");
        assertTrue(name.matches("20231114T221320Z-[0-9a-f]{16}"), name);
        assertEquals(List.of("snapshot " + data.resolve("snapshots").resolve(name)), storage.commands);
        assertEquals(
                400,
                api(true).call("POST", "admin/tsdb/snapshot?skip_head=true", "").status());
    }

    @Test
    void changesNothingByGet() {
        assertEquals(405, api(true).get("admin/tsdb/clean_tombstones").status());
        assertEquals(List.of(), storage.commands);
    }
}
