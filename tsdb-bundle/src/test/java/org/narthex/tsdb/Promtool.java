package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prometheus' own tool; tests that ask for it are skipped where it is absent. */
final class Promtool {
    private static final Path TOOL = Path.of("/usr/bin/promtool");

    private Promtool() {}

    static String run(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(TOOL), TOOL + " is missing");
        List<String> command = new ArrayList<>(List.of(TOOL.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** What it finds in a data folder, as {@link Fixture#dump(Path)} gives it. */
    static Map<String, List<String>> dump(Path folder) throws IOException, InterruptedException {
        return Fixture.dump(run("tsdb", "dump", folder.toString()).lines());
    }
}
