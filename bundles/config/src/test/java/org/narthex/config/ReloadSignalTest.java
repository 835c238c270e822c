package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ReloadSignalTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runsTheActionOnSighup() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        AutoCloseable signal = ReloadSignal.handle(received::countDown);
        try {
            String self = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-HUP", self).start().waitFor();
            assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            signal.close();
        }
    }
}
