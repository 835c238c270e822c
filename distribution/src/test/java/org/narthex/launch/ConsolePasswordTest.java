package org.narthex.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsolePasswordTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("webconsole.password");
    }

    @Test
    void isMadeOnceAndKept() throws IOException {
        ConsolePassword first = ConsolePassword.in(file());
        ConsolePassword second = ConsolePassword.in(file());

        assertThat(first.fresh()).isTrue();
        assertThat(first.text()).matches("[A-Za-z2-9]{24}");
        assertThat(second).isEqualTo(new ConsolePassword(first.text(), false));
    }

    @Test
    void differsFromInstallationToInstallation() throws IOException {
        assertThat(ConsolePassword.in(file()).text())
                .isNotEqualTo(ConsolePassword.in(folder.resolve("other")).text());
    }

    @Test
    void canOnlyBeReadByItsOwner() throws IOException {
        ConsolePassword.in(file());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void takesAPasswordThatSomebodyWrote() throws IOException {
        Files.writeString(file(), "  chosen by hand \n");

        assertThat(ConsolePassword.in(file()).text()).isEqualTo("chosen by hand");
    }

    @Test
    void refusesAnEmptyFileInsteadOfAnEmptyPassword() throws IOException {
        Files.writeString(file(), "\n");

        assertThatThrownBy(() -> ConsolePassword.in(file())).hasMessageContaining("is empty");
    }

    @Test
    void doesNotShowItselfInLogs() throws IOException {
        ConsolePassword password = ConsolePassword.in(file());

        assertThat(password.toString()).doesNotContain(password.text());
    }
}
