package org.narthex.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefreshLoopTest {
    @Test
    void waitsLongerAfterEachFailureUpToTheRefreshInterval() {
        assertThat(RefreshLoop.waitMs(0, 60_000)).isEqualTo(60_000);
        assertThat(RefreshLoop.waitMs(1, 60_000)).isEqualTo(500);
        assertThat(RefreshLoop.waitMs(2, 60_000)).isEqualTo(1_000);
        assertThat(RefreshLoop.waitMs(7, 60_000)).isEqualTo(32_000);
        assertThat(RefreshLoop.waitMs(8, 60_000)).isEqualTo(60_000);
        assertThat(RefreshLoop.waitMs(Integer.MAX_VALUE, 60_000)).isEqualTo(60_000);
        assertThat(RefreshLoop.waitMs(1, 20)).isEqualTo(20);
    }
}
