package org.narthex.exporter.osgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;

/**
 * Tells when the garbage collector has been through the class loaders. Most collections look at new objects only and take every class loader with
 * classes as live; so this is a class loader with a class that nobody refers to.
 */
final class Canary {
    private final WeakReference<ClassLoader> loader = new WeakReference<>(new Cage());

    boolean isCollected() {
        return loader.refersTo(null);
    }

    private static final class Cage extends ClassLoader {
        Cage() {
            super(null);
            byte[] bird = bytes();
            defineClass(Bird.class.getName(), bird, 0, bird.length);
        }

        private static byte[] bytes() {
            try (InputStream in = Canary.class.getResourceAsStream("Canary$Bird.class")) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The class that a cage defines again for itself. */
    private static final class Bird {}
}
