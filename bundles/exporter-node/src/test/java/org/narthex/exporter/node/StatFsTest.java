package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

class StatFsTest {
    private static final Optional<StatFs.Sizes> SIZES = Optional.of(new StatFs.Sizes(3, 2, 1));

    @Test
    void leavesOutAFileSystemThatHangsUntilItAnswers() throws InterruptedException {
        CountDownLatch back = new CountDownLatch(1);
        try (StatFs statFs = new StatFs(50, point -> {
            if (point.equals("/hangs")) {
                awaitUninterruptibly(back);
            }
            return SIZES;
        })) {
            assertThat(statFs.sizes("/hangs")).isEmpty();
            assertThat(statFs.sizes("/good")).isEqualTo(SIZES);
            assertThat(statFs.sizes("/hangs")).isEmpty();
            back.countDown();
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (statFs.sizes("/hangs").isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(statFs.sizes("/hangs")).isEqualTo(SIZES);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                // Hung system calls cannot be interrupted either.
            }
        }
    }
}
