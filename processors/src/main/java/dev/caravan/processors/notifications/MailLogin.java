package dev.caravan.processors.notifications;

import jakarta.mail.PasswordAuthentication;
import org.apache.camel.component.mail.MailAuthenticator;

/** Logs in to a mail server with the password that the file holds at that time. */
public final class MailLogin extends MailAuthenticator {
  private final MailRoute.Login login;

  private MailLogin(MailRoute.Login login) {
    this.login = login;
  }

  public static MailAuthenticator of(MailRoute.Login login) {
    return new MailLogin(login);
  }

  @Override
  public PasswordAuthentication getPasswordAuthentication() {
    return new PasswordAuthentication(login.user(), login.password().read());
  }
}
