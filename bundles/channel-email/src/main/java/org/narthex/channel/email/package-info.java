/**
 * The alert channel of {@code email_configs}: {@code MailMessage} writes a message, {@code SmtpConnection} hands it to a mail server by the few
 * commands of SMTP that are needed.
 */
package org.narthex.channel.email;
