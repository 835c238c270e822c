package org.narthex.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Logger;

import org.narthex.api.config.Flag;

/** The entry point of the process. */
public final class Launcher {
    private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private Launcher() {}

    /** Runs Narthex until it is told to stop; see {@code --help}. */
    public static void main(String[] args) throws InterruptedException {
        long startedMs = System.currentTimeMillis();
        allowPasswordsOfTunnels();
        int exitCode;
        try {
            exitCode = run(args, startedMs);
        } catch (StartException e) {
            System.err.println("narthex: " + e.getMessage());
            exitCode = e.exitCode();
        }
        System.exit(exitCode);
    }

    /** The JDK's HTTP client reads this when it is first used, which may be long before the bundle http-client is there to set it. */
    private static void allowPasswordsOfTunnels() {
        if (System.getProperty(TUNNEL_SCHEMES) == null) {
            System.setProperty(TUNNEL_SCHEMES, "");
        }
    }

    private static int run(String[] args, long startedMs) throws StartException, InterruptedException {
        CommandLine line = CommandLine.parse(args);
        Installation installation = Installation.find();
        if (line.wish().isPresent()) {
            switch (line.wish().get()) {
                case HELP -> System.out.print(HelpText.help());
                case VERSION -> System.out.print(HelpText.version(installation.version()));
                case CLASS_ARCHIVE ->
                    archive(installation, bundles(installation))
                            .orElseThrow(Launcher::noArchive)
                            .makeNow();
            }
            return 0;
        }
        Settings settings = Settings.of(installation, line);
        settings.check();
        Log.install(settings.value(Flag.LOG_FORMAT), settings.value(Flag.LOG_LEVEL));
        Logger log = Logger.getLogger(Launcher.class.getName());
        log.info("Starting Narthex version=" + installation.version() + " home=" + installation.home() + " data="
                + settings.storage());
        log.info("Running on " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        warnOfWhatHasNoEffect(line, settings, log);
        return serve(settings, startedMs, log);
    }

    private static void warnOfWhatHasNoEffect(CommandLine line, Settings settings, Logger log) {
        for (Flag flag : line.withoutEffect()) {
            log.warning("--" + flag.flagName() + withoutEffect(flag));
        }
        for (String feature : settings.value(Flag.ENABLE_FEATURE).split(",", -1)) {
            if (!feature.isEmpty() && !Flag.FEATURES_IN_FORCE.contains(feature)) {
                log.warning("--enable-feature=" + feature + " has no effect in this version");
            }
        }
        if (settings.addresses() > 1) {
            log.warning(
                    "Listening on " + settings.address() + " only; further addresses take effect in a later version");
        }
    }

    /** Who gives the file of the web server's security believes to be protected: that must be told outright. */
    private static String withoutEffect(Flag flag) {
        return flag == Flag.WEB_CONFIG_FILE
                ? " is accepted but has no effect in this version: neither TLS nor authentication is in force"
                : " is accepted; it takes effect in a later version";
    }

    private static int serve(Settings settings, long startedMs, Logger log)
            throws StartException, InterruptedException {
        BundleSet bundles = bundles(settings.installation());
        BundleCache cache = new BundleCache(settings.stateFolder(), bundles);
        ConsolePassword password = password(settings);
        Server server;
        try {
            var properties = FrameworkProperties.of(settings, password, startedMs, bundles.highestLevel());
            cache.prepare(properties);
            server = new Server(settings, bundles, cache, properties);
        } catch (IOException e) {
            throw new StartException(CommandLine.USAGE, "cannot use the data folder: " + e.getMessage());
        }
        Signals.stopWith(() -> {
            log.info("Stopping Narthex");
            server.stop();
        });
        server.start();
        archive(settings.installation(), bundles).ifPresent(ClassArchive::refreshLater);
        int exitCode = server.await();
        log.info("Narthex has stopped, exit code " + exitCode);
        return exitCode;
    }

    private static BundleSet bundles(Installation installation) throws StartException {
        return BundleSet.in(installation.home().resolve("bundles").toFile());
    }

    /** Empty if the process was not started by the start script, which names the file. */
    private static Optional<ClassArchive> archive(Installation installation, BundleSet bundles) {
        String file = System.getProperty(ClassArchive.PROPERTY);
        return file == null ? Optional.empty() : Optional.of(new ClassArchive(Path.of(file), installation, bundles));
    }

    private static StartException noArchive() {
        return new StartException(CommandLine.USAGE, "only bin/narthex knows where the class archive belongs");
    }

    private static ConsolePassword password(Settings settings) throws StartException {
        var file = settings.stateFolder().resolve("webconsole.password");
        try {
            ConsolePassword password = ConsolePassword.in(file);
            if (password.fresh()) {
                String where = "The web console under " + settings.path() + "system/console has the user "
                        + ConsolePassword.USER + "; its password is in " + file;
                Logger.getLogger(ConsolePassword.class.getName()).info(where);
                System.out.println(where);
            }
            return password;
        } catch (IOException e) {
            throw new StartException(CommandLine.USAGE, "the web console's password: " + e.getMessage());
        }
    }
}
