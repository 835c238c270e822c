package org.narthex.discovery.cloud.azure;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where a cloud's services are.
 *
 * @param login gives tokens
 * @param manager answers questions
 */
record AzureCloud(String login, String manager) {
    private static final String METADATA = "http://169.254.169.254";

    /**
     * What is looked at besides the section.
     *
     * @param metadata of the machine this runs on
     * @param override the cloud to take whatever the section says
     */
    record Places(UnaryOperator<String> environment, String metadata, Optional<AzureCloud> override) {
        static Places ofProcess() {
            return new Places(System::getenv, METADATA, Optional.empty());
        }

        String variable(String name) {
            String value = environment.apply(name);
            return value == null ? "" : value;
        }
    }

    static Optional<AzureCloud> named(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "AZUREPUBLICCLOUD", "AZURECLOUD", "AZUREGERMANCLOUD" ->
                Optional.of(new AzureCloud("https://login.microsoftonline.com", "https://management.azure.com"));
            case "AZURECHINACLOUD" ->
                Optional.of(new AzureCloud("https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"));
            case "AZUREUSGOVERNMENT", "AZUREUSGOVERNMENTCLOUD" ->
                Optional.of(new AzureCloud("https://login.microsoftonline.us", "https://management.usgovcloudapi.net"));
            default -> Optional.empty();
        };
    }
}
