package org.narthex.discovery.cloud.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.LastGoodTargets;
import org.narthex.testkit.PlainHttpClients;

class Ec2DiscoveryTest {
    @TempDir
    Path home;

    private final Map<String, String> environment = new ConcurrentHashMap<>();
    /** One machine that runs, with all there may be, and one of which little is known. */
    private static final String MACHINES =
            "<item><instanceId>i-1</instanceId><imageId>ami</imageId><instanceType>t</instanceType>"
                    + "<instanceState><name>running</name></instanceState><privateIpAddress>10.0.0.1</privateIpAddress>"
                    + "<ipAddress>192.0.2.1</ipAddress><dnsName>pub</dnsName><privateDnsName>priv</privateDnsName>"
                    + "<placement><availabilityZone>a</availabilityZone></placement><vpcId>v</vpcId><subnetId>s1</subnetId>"
                    + "<architecture>arm64</architecture><tagSet><item><key>my-tag</key><value>x</value></item></tagSet>"
                    + "<networkInterfaceSet><item><subnetId>s1</subnetId><attachment><deviceIndex>1</deviceIndex></attachment>"
                    + "<ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address></item><item><ipv6Address>2001:db8::2"
                    + "</ipv6Address><isPrimaryIpv6>true</isPrimaryIpv6></item></ipv6AddressesSet></item>"
                    + "<item><subnetId>s2</subnetId></item></networkInterfaceSet></item>"
                    + "<item><instanceId>i-2</instanceId></item>";

    private volatile String instances = MACHINES;
    private volatile String lastAuthorization = "";
    private volatile String lastBody = "";
    private FakeApi api;
    private Ec2DiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        api.put("/", (exchange, body) -> {
            lastAuthorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (body.contains("DescribeAvailabilityZones")) {
                return "<r><availabilityZoneInfo><item><zoneName>a</zoneName><zoneId>id-a</zoneId></item>"
                        + "</availabilityZoneInfo></r>";
            }
            if (exchange.getRequestURI().getQuery() != null) {
                return "<r><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s"
                        + "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
                        + "</Credentials></AssumeRoleResult></r>";
            }
            lastBody = body;
            // The second page is asked for by the token of the first.
            return body.contains("NextToken=more")
                    ? "<r><reservationSet/></r>"
                    : "<r><reservationSet><item><ownerId>o</ownerId><instancesSet>" + instances
                            + "</instancesSet></item></reservationSet><nextToken>more</nextToken></r>";
        });
        provider = new Ec2DiscoveryProvider(
                new PlainHttpClients(),
                new CredentialChain.Places(environment::get, home, api.url(), api.url(), api.url()),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        provider.stop();
        api.close();
    }

    private ConfigNode with(String... more) {
        Map<String, String> keys = new LinkedHashMap<>(Map.of(
                "region",
                "r",
                "endpoint",
                api.url(),
                "access_key",
                "KEY",
                "secret_key",
                "s",
                "refresh_interval",
                "20ms"));
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        keys.values().removeIf(String::isEmpty);
        return ConfigNode.of(keys);
    }

    @Test
    void keepsTheLastTargetsWhileTheCloudFails() throws Exception {
        LastGoodTargets.stayWhileItFails(api, provider, with());
    }

    @Test
    void takesOrRefusesDamagedAnswers() throws Exception {
        DamagedAnswers.areTakenOrRefused(api, provider.source(with()));
    }

    @Test
    void labelsAMachine() throws Exception {
        assertThat(provider.source(with()).fetch().get(0).targets())
                .containsExactly(Labels.of(
                        "__address__", "10.0.0.1:80",
                        "__meta_ec2_ami", "ami",
                        "__meta_ec2_architecture", "arm64",
                        "__meta_ec2_availability_zone", "a",
                        "__meta_ec2_availability_zone_id", "id-a",
                        "__meta_ec2_default_ipv6_address", "2001:db8::2",
                        "__meta_ec2_instance_id", "i-1",
                        "__meta_ec2_instance_state", "running",
                        "__meta_ec2_instance_type", "t",
                        "__meta_ec2_ipv6_addresses", ",2001:db8::1,2001:db8::2,",
                        "__meta_ec2_owner_id", "o",
                        "__meta_ec2_primary_ipv6_addresses", ",,2001:db8::2,",
                        "__meta_ec2_primary_subnet_id", "s1",
                        "__meta_ec2_private_dns_name", "priv",
                        "__meta_ec2_private_ip", "10.0.0.1",
                        "__meta_ec2_public_dns_name", "pub",
                        "__meta_ec2_public_ip", "192.0.2.1",
                        "__meta_ec2_region", "r",
                        "__meta_ec2_subnet_id", ",s1,s2,",
                        "__meta_ec2_tag_my_tag", "x",
                        "__meta_ec2_vpc_id", "v"));
        assertThat(lastAuthorization)
                .startsWith("AWS4-HMAC-SHA256 Credential=KEY/")
                .contains("/r/ec2/aws4_request");
        assertThat(lastBody).startsWith("Action=DescribeInstances&Version=2016-11-15");
    }

    @Test
    void signsAsAmazonsTestSuiteHasIt() {
        Map<String, String> headers = new SignatureV4("us-east-1", "service")
                .headers(
                        Credentials.lasting("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""),
                        "GET",
                        URI.create("https://example.amazonaws.com/"),
                        Map.of(),
                        new byte[0],
                        Instant.parse("2015-08-30T12:36:00Z"));
        assertThat(headers)
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                                + "SignedHeaders=host;x-amz-date, "
                                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void findsKeysWhereAmazonsProgramsDo() throws Exception {
        api.put("/latest/api/token", "tok")
                .put("/latest/meta-data/iam/security-credentials/", "role")
                .put(
                        "/latest/meta-data/iam/security-credentials/role",
                        "{\"AccessKeyId\": \"MACHINE\", \"SecretAccessKey\": \"s\", \"Token\": \"t\", "
                                + "\"Expiration\": \"2099-01-01T00:00:00Z\"}");
        provider.source(with("access_key", "")).fetch();
        assertThat(lastAuthorization).contains("Credential=MACHINE/").contains("x-amz-security-token");
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(
                home.resolve(".aws/credentials"),
                "[default]\naws_access_key_id = FILE\naws_secret_access_key=s\n[other]\naws_access_key_id = OTHER\n");
        provider.source(with("access_key", "")).fetch();
        assertThat(lastAuthorization).contains("Credential=FILE/");
        provider.source(with("access_key", "", "profile", "other")).fetch();
        assertThat(lastAuthorization).contains("Credential=OTHER/");
        environment.put("AWS_ACCESS_KEY_ID", "ENV");
        environment.put("AWS_SECRET_ACCESS_KEY", "s");
        provider.source(with("access_key", "")).fetch();
        assertThat(lastAuthorization).contains("Credential=ENV/");
        provider.source(with("role_arn", "arn:aws:iam::1:role/x", "external_id", "e"))
                .fetch();
        assertThat(lastAuthorization).contains("Credential=ROLE/");
        assertThat(api.asked())
                .anyMatch(asked ->
                        asked.contains("Action=AssumeRole&ExternalId=e&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx"));
    }
}
