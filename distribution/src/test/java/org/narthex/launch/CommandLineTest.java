package org.narthex.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.Flag;

class CommandLineTest {
    @Test
    void takesAValueAfterEqualsAndAsNextArgument() throws StartException {
        CommandLine line = CommandLine.parse("--config.file=a=b.yml", "--storage.tsdb.path", "/data");

        assertThat(line.value(Flag.CONFIG_FILE)).isEqualTo("a=b.yml");
        assertThat(line.value(Flag.STORAGE_PATH)).isEqualTo("/data");
    }

    @Test
    void switchesAreTurnedOnAndOffByNameOrValue() throws StartException {
        CommandLine line = CommandLine.parse(
                "--web.enable-lifecycle", "--no-storage.tsdb.wal-compression", "--storage.tsdb.no-lockfile=true");

        assertThat(line.value(Flag.WEB_ENABLE_LIFECYCLE)).isEqualTo("true");
        assertThat(line.value(Flag.STORAGE_WAL_COMPRESSION)).isEqualTo("false");
        assertThat(line.value(Flag.STORAGE_NO_LOCKFILE)).isEqualTo("true");
    }

    @Test
    void aSwitchDoesNotTakeTheNextArgument() {
        assertThat(refusal("--web.enable-lifecycle", "true")).hasMessage("unexpected argument 'true', try --help");
    }

    @Test
    void joinsRepeatedFlagsByCommas() throws StartException {
        CommandLine line = CommandLine.parse("--enable-feature=a,b", "--enable-feature", "c");

        assertThat(line.value(Flag.ENABLE_FEATURE)).isEqualTo("a,b,c");
    }

    @Test
    void refusesToRepeatOtherFlags() {
        assertThat(refusal("--config.file=a", "--config.file=b")).hasMessage("flag '--config.file' cannot be repeated");
    }

    @Test
    void unknownFlagsAreRefusedWithTheNearestKnownOne() {
        StartException refusal = refusal("--web.listen-adress=:9090");

        assertThat(refusal).hasMessage("unknown long flag '--web.listen-adress', did you mean '--web.listen-address'?");
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @Test
    void unknownFlagsLikeNoOtherPointToHelp() {
        assertThat(refusal("--x")).hasMessage("unknown long flag '--x', try --help");
    }

    @Test
    void onlySwitchesCanBeNegated() {
        assertThat(refusal("--no-config.file")).hasMessageStartingWith("unknown long flag '--no-config.file'");
    }

    @Test
    void aMissingValueIsAnError() {
        assertThat(refusal("--config.file")).hasMessage("expected an argument for flag '--config.file'");
    }

    @Test
    void valuesThatDoNotFitEndWithExitCodeTwo() {
        assertThat(refusal("--query.timeout=soon").exitCode()).isEqualTo(2);
        assertThat(refusal("--query.max-samples=many").exitCode()).isEqualTo(2);
        assertThat(refusal("--web.enable-lifecycle=perhaps").exitCode()).isEqualTo(2);
        assertThat(refusal("--log.level=loud"))
                .hasMessage("--log.level must be one of debug, info, warn, error, got 'loud'");
    }

    @Test
    void helpAndVersionComeBeforeWhateverFollows() throws StartException {
        assertThat(CommandLine.parse("-h", "--x").wish()).contains(CommandLine.Wish.HELP);
        assertThat(CommandLine.parse("--help").wish()).contains(CommandLine.Wish.HELP);
        assertThat(CommandLine.parse("--version").wish()).contains(CommandLine.Wish.VERSION);
        assertThat(CommandLine.parse("--make-class-archive").wish()).contains(CommandLine.Wish.CLASS_ARCHIVE);
    }

    @Test
    void namesTheFlagsThatHaveNoEffectYet() throws StartException {
        CommandLine line = CommandLine.parse("--agent", "--log.level=debug");

        assertThat(line.withoutEffect()).containsExactly(Flag.AGENT);
    }

    @Test
    void helpListsEveryFlag() {
        for (Flag flag : Flag.values()) {
            assertThat(HelpText.help()).contains(flag.flagName());
        }
    }

    private static StartException refusal(String... args) {
        return catchThrowableOfType(StartException.class, () -> CommandLine.parse(args));
    }
}
