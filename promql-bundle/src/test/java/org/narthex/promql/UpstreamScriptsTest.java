package org.narthex.promql;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.narthex.promql.script.ScriptRunner;

/**
 * Runs Prometheus' own acceptance scripts, where {@code -Dconformance.dir} tells where they are. How many evaluations of each script pass is
 * kept in {@code upstream-floors.properties} and must never become less. {@code -Dconformance.verbose=true} shows what fails,
 * {@code -Dconformance.scripts=regex} picks scripts.
 */
class UpstreamScriptsTest {
    @TestFactory
    Stream<DynamicTest> passAtLeastAsManyEvaluationsAsBefore() throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(folder.isEmpty(), "conformance.dir is not given");
        Path scripts = Path.of(folder, "promql");
        Assumptions.assumeTrue(Files.isDirectory(scripts), scripts + " is not there");
        Properties floors = new Properties();
        try (InputStream in = getClass().getResourceAsStream("/upstream-floors.properties")) {
            floors.load(in);
        }
        return new TreeSet<>(floors.stringPropertyNames())
                .stream()
                        .filter(name -> name.matches(System.getProperty("conformance.scripts", ".*")))
                        .map(name -> DynamicTest.dynamicTest(name, () -> {
                            ScriptRunner.Outcome outcome =
                                    Engines.runner().run(Files.readString(scripts.resolve(name)));
                            System.out.printf("%s: %d of %d%n", name, outcome.passed(), outcome.evals());
                            if (Boolean.getBoolean("conformance.verbose")) {
                                outcome.failures().forEach(failure -> System.out.println("  " + failure));
                            }
                            int floor = Integer.parseInt(floors.getProperty(name));
                            assertTrue(
                                    outcome.passed() >= floor,
                                    () -> name + ": " + outcome.passed() + " evaluations pass, " + floor
                                            + " did before:\n" + String.join("\n", outcome.failures()));
                        }));
    }
}
