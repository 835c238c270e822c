package org.narthex.itests;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;

/** Makes a bundle of one component class, as a plug-in author's build does. */
final class PluginJar {
    private PluginJar() {}

    /** Builds the jar beside the folder and moves it in, as {@code mv} does: a watcher never sees half a file. */
    static Path deploy(Class<?> component, Path folder) throws Exception {
        Path jar = folder.resolveSibling(component.getSimpleName() + ".jar");
        try (Builder builder = new Builder()) {
            builder.addClasspath(new File("target/test-classes"));
            builder.addClasspath(apiJar());
            builder.setProperty("Bundle-SymbolicName", component.getName());
            builder.setProperty("Bundle-Version", "1.0.0");
            // Only this component, although others stand in the same package.
            builder.setProperty("-includeresource", pathOf(component) + "=target/test-classes/" + pathOf(component));
            builder.setProperty("Import-Package", "*");
            builder.setProperty("-dsannotations", component.getName());
            try (Jar built = builder.build()) {
                if (!builder.isOk()) {
                    throw new IllegalStateException(builder.getErrors() + " " + builder.getWarnings());
                }
                built.write(jar.toFile());
            }
        }
        return Files.move(jar, folder.resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pathOf(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static File apiJar() throws Exception {
        return new File(org.narthex.api.scrape.Exporter.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
