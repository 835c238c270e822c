package org.narthex.config;

import java.util.List;
import java.util.Locale;

import org.narthex.api.config.ConfigException;

/** The rules of {@code azuread} in {@code remote_write}. */
final class AzureAdSection {
    private static final String UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
    private static final String TENANT = "[0-9a-zA-Z-.]+";

    private AzureAdSection() {}

    static void check(Section section) throws ConfigException {
        section.only("cloud", "managed_identity", "workload_identity", "oauth", "sdk", "certificate", "scope");
        String cloud = section.text("cloud", "");
        switch (cloud) {
            case "", "AzurePublic", "AzureChina", "AzureGovernment" -> {}
            default -> throw section.error("cloud", "must provide a cloud in the Azure AD config");
        }
        int methods = section.count("managed_identity", "workload_identity", "oauth", "sdk", "certificate");
        // A managed identity may be given as an empty section.
        if (section.node().get("managed_identity").isPresent() && !section.has("managed_identity")) {
            methods++;
        }
        if (methods == 0) {
            throw section.error("must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, "
                    + "Azure Certificate or Azure SDK in the Azure AD config");
        }
        if (methods > 1) {
            throw section.error("cannot provide multiple authentication methods in the Azure AD config");
        }
        Section identity = section.section("managed_identity");
        identity.only("client_id");
        uuid(identity, "client_id", "Azure Managed Identity");
        if (section.has("workload_identity")) {
            Section workload = section.section("workload_identity");
            workload.only("client_id", "tenant_id", "token_file_path");
            required(workload, "Azure Workload Identity", "client_id", "tenant_id");
            uuid(workload, "client_id", "Azure Workload Identity");
            tenant(workload, "Azure Workload Identity");
        }
        if (section.has("oauth")) {
            Section oauth = section.section("oauth");
            oauth.only("client_id", "client_secret", "tenant_id");
            required(oauth, "Azure OAuth", "client_id", "client_secret", "tenant_id");
            uuid(oauth, "client_id", "Azure OAuth");
            tenant(oauth, "Azure OAuth");
        }
        if (section.has("sdk")) {
            Section sdk = section.section("sdk");
            sdk.only("tenant_id");
            tenant(sdk, "Azure SDK");
        }
        if (section.has("certificate")) {
            certificate(section.section("certificate"));
        }
        if (!section.text("scope", "").matches("[\\w\\s.:/-]*")) {
            throw section.error("scope", "the provided scope contains invalid characters");
        }
    }

    private static void certificate(Section certificate) throws ConfigException {
        certificate.only(
                "client_id",
                "tenant_id",
                "certificate_path",
                "certificate_key_path",
                "certificate_password",
                "send_certificate_chain");
        required(certificate, "Azure Certificate", "client_id", "tenant_id", "certificate_path");
        uuid(certificate, "client_id", "Azure Certificate");
        tenant(certificate, "Azure Certificate");
        certificate.bool("send_certificate_chain", false);
    }

    private static void required(Section section, String what, String... keys) throws ConfigException {
        for (String key : List.of(keys)) {
            if (section.text(key, "").isEmpty()) {
                throw section.error(
                        key, String.format(Locale.ROOT, "must provide an %s %s in the Azure AD config", what, key));
            }
        }
    }

    private static void uuid(Section section, String key, String what) throws ConfigException {
        String value = section.text(key, "");
        if (!value.isEmpty() && !value.matches(UUID)) {
            throw section.error(key, "the provided " + what + " " + key + " is invalid");
        }
    }

    private static void tenant(Section section, String what) throws ConfigException {
        String value = section.text("tenant_id", "");
        if (!value.isEmpty() && !value.matches(TENANT)) {
            throw section.error("tenant_id", "the provided " + what + " tenant_id is invalid");
        }
    }
}
