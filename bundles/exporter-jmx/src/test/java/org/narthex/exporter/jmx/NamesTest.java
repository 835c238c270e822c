package org.narthex.exporter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
    @ParameterizedTest
    @CsvSource({
        "java.lang_Memory_HeapMemoryUsage, java_lang_Memory_HeapMemoryUsage",
        "a--b__c, a_b_c",
        "9lives, _9lives",
        "Catalina:http-bio-8080, Catalina:http_bio_8080",
        "\u00e4pfel, _pfel"
    })
    void makesNamesSafe(String name, String safe) {
        assertThat(Names.safe(name)).isEqualTo(safe);
    }

    @ParameterizedTest
    @CsvSource({"HeapMemoryUsage, heap_memory_usage", "GCTime, gctime", "lastGc_Time, last_gc_time", "count, count"})
    void writesInSnakeCase(String name, String snake) {
        assertThat(Names.snakeCase(name)).isEqualTo(snake);
    }
}
