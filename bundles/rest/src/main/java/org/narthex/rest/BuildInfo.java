package org.narthex.rest;

/** What is running: Prometheus' keys; those nobody told the build are empty, and the language's version is Java's. */
public record BuildInfo(
        String version, String revision, String branch, String buildUser, String buildDate, String goVersion) {
    static BuildInfo of(String version) {
        return new BuildInfo(version, "", "", "", "", "java" + Runtime.version());
    }
}
