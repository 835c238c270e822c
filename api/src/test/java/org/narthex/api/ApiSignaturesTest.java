package org.narthex.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/**
 * The public signatures of the exported packages, compared with a golden listing: what plug-ins compile against changes only on purpose. After a
 * change that is meant, copy {@code target/api-signatures.txt} over the listing and raise the package's version.
 */
class ApiSignaturesTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path GOLDEN = Path.of("src/test/resources/api-signatures.txt");

    @Test
    void publicSignaturesAreThoseOfTheListing() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String name : classNames()) {
            Class<?> type = Class.forName(name, false, getClass().getClassLoader());
            if (isVisible(type)) {
                describe(type, lines);
            }
        }
        Files.writeString(Path.of("target/api-signatures.txt"), String.join("\n", lines) + "\n");
        assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN, StandardCharsets.UTF_8));
    }

    private static List<String> classNames() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES.resolve("org/narthex/api"))) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isVisible(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static void describe(Class<?> type, List<String> lines) {
        String kind = type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        String parents = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.equals("java.lang.Object") && !name.equals("java.lang.Record"))
                .collect(Collectors.joining(", "));
        lines.add(modifiers(type.getModifiers() & ~Modifier.ABSTRACT) + kind + " " + type.getName()
                + (parents.isEmpty() ? "" : " : " + parents) + annotations(type));
        // A set: bridge methods would otherwise appear twice.
        TreeSet<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (isApi(field.getModifiers()) && !field.isSynthetic()) {
                members.add("  " + modifiers(field.getModifiers())
                        + field.getGenericType().getTypeName() + " " + field.getName() + constant(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isApi(constructor.getModifiers())) {
                members.add("  new" + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isApi(method.getModifiers()) && !method.isSynthetic()) {
                members.add("  " + modifiers(method.getModifiers()) + (method.isDefault() ? "default " : "")
                        + method.getGenericReturnType().getTypeName() + " " + method.getName() + parameters(method));
            }
        }
        lines.addAll(members);
    }

    private static boolean isApi(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String modifiers(int modifiers) {
        String text = Modifier.toString(
                modifiers & (Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT | Modifier.PROTECTED));
        return text.isEmpty() ? "" : text + " ";
    }

    /** The value of a constant text is part of the contract: service properties are such. */
    private static String constant(Field field) {
        try {
            return field.getType() == String.class && Modifier.isStatic(field.getModifiers())
                    ? " = " + field.get(null)
                    : "";
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String parameters(Executable executable) {
        String thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(Type::getTypeName)
                .collect(Collectors.joining(", "));
        return Arrays.stream(executable.getParameters())
                        .map(Parameter::getParameterizedType)
                        .map(Type::getTypeName)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String annotations(AnnotatedElement element) {
        return element.isAnnotationPresent(FunctionalInterface.class) ? " @FunctionalInterface" : "";
    }
}
