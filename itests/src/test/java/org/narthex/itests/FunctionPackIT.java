package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.narthex.itests.sample.SampleFunctions;

/** Functions of packs in the running distribution: the one that ships, and one that comes and goes. */
public class FunctionPackIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static String query(String expression) {
        return "/api/v1/query?query=" + RunningNarthex.encode(expression);
    }

    @Test
    public void functionsWorkWhileTheJarOfTheirPackIsThere() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            await("FileInstall there", 30, () -> narthex.status("/system/console/bundles") == 401);
            assertThat(narthex.status(query("fahrenheit(vector(20))"))).isEqualTo(400);
            Path jar = PluginJar.deploy(SampleFunctions.class, narthex.home().resolve("deploy"));
            await("function there", 30, () -> narthex.status(query("fahrenheit(vector(20))")) == 200);
            assertThat(narthex.value("fahrenheit(vector(20))")).isEqualTo(68);
            // The name of a built-in function is not given away.
            assertThat(narthex.value("abs(vector(-20))")).isEqualTo(20);

            Files.delete(jar);
            await("function gone", 30, () -> narthex.status(query("fahrenheit(vector(20))")) == 400);
        }
    }

    @Test
    public void theAnomalyPackShips() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            assertThat(narthex.value("robust_zscore(vector(7)[5m:15s])")).isZero();
            assertThat(narthex.status(query("outliers_mad(vector(1), 3, \"job\")")))
                    .isEqualTo(200);
            assertThat(narthex.status(query("outliers_mad(vector(1))"))).isEqualTo(400);
        }
    }
}
