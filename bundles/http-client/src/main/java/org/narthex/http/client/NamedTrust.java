package org.narthex.http.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts a server whose certificate is for the configured name instead of that of the URL, or, without any other trust to ask, trusts every server. The
 * JDK leaves the check of the name to an extended trust manager such as this one.
 */
final class NamedTrust extends X509ExtendedTrustManager {
    private static final int DNS = 2;
    private static final int IP = 7;

    private final X509TrustManager chains;
    private final String serverName;

    /** @param chains checks all but the name; null to check nothing at all */
    NamedTrust(X509TrustManager chains, String serverName) {
        this.chains = chains;
        this.serverName = serverName.toLowerCase(Locale.ROOT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chains != null) {
            chains.checkServerTrusted(chain, authType);
            if (!isFor(chain[0])) {
                throw new CertificateException("the certificate is not valid for " + serverName);
            }
        }
    }

    private boolean isFor(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        for (List<?> name : names) {
            int type = (Integer) name.get(0);
            if ((type == DNS || type == IP)
                    && matches(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(String pattern) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(serverName);
        }
        // A star stands for one label.
        int dot = serverName.indexOf('.');
        return dot > 0 && serverName.substring(dot).equals(pattern.substring(1));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains == null ? new X509Certificate[0] : chains.getAcceptedIssuers();
    }
}
