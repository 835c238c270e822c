package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class CurrentTest {
    @Test
    void doesNotWaitForWhatNeverWasThere() {
        Current<String> current = new Current<>("storage", Long.MAX_VALUE / 1_000_000);
        ApiException e = assertThrows(ApiException.class, current::required);
        assertEquals("there is no storage at present", e.getMessage());
    }

    @Test
    void givesUpOnWhatDoesNotComeBack() {
        Current<String> current = new Current<>("storage", 1);
        current.set("old");
        current.unset("old");
        assertThrows(ApiException.class, current::required);
    }

    @Test
    void waitsForASuccessor() throws Exception {
        Current<String> current = new Current<>("storage", TimeUnit.MINUTES.toMillis(1));
        current.set("old");
        current.unset("old");
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(current::required);
        current.set("new");
        assertEquals("new", waiting.get(1, TimeUnit.MINUTES));
    }

    @Test
    void keepsASuccessorThatCameBeforeTheOldOneWent() {
        Current<String> current = new Current<>("storage");
        current.set("old");
        current.set("new");
        current.unset("old");
        assertEquals("new", current.required());
    }
}
