package dev.caravan.routes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server (RFC 5321) that offers STARTTLS (RFC 3207) and takes a login afterwards only. It
 * serves one client at a time and remembers what was said, in which it marks the begin of TLS.
 */
final class StartTlsMailServer implements AutoCloseable {
  /** What stands among the commands where the encryption begins. */
  static final String ENCRYPTED = "(encrypted)";

  private final List<String> commands = Collections.synchronizedList(new ArrayList<>());
  private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
  private final SSLContext tls;
  private final String login;
  private final ServerSocket listening;

  /**
   * @param login user and password as AUTH PLAIN has them
   */
  private StartTlsMailServer(SSLContext tls, String login) throws IOException {
    this.tls = tls;
    this.login = login;
    this.listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "mail-server");
    thread.setDaemon(true);
    thread.start();
  }

  static StartTlsMailServer start(SSLContext tls, String user, String password) throws IOException {
    return new StartTlsMailServer(tls, "\0" + user + "\0" + password);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Without what comes after a word, so that no password is among them. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  List<String> messages() {
    return List.copyOf(messages);
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept()) {
        client.setSoTimeout(20_000);
        talk(client);
      } catch (IOException e) {
        // The client went away, or the server is closed.
      }
    }
  }

  private void talk(Socket plain) throws IOException {
    Socket socket = plain;
    BufferedReader in = reader(socket);
    boolean encrypted = false;
    boolean known = false;
    say(socket, "220 mail.example.org");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String word = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      commands.add(word);
      switch (word) {
        case "EHLO" ->
            say(socket, "250-mail.example.org", encrypted ? "250 AUTH PLAIN" : "250 STARTTLS");
        case "STARTTLS" -> {
          say(socket, "220 begin");
          SSLSocket secured =
              (SSLSocket)
                  tls.getSocketFactory().createSocket(socket, null, socket.getPort(), false);
          secured.setUseClientMode(false);
          secured.startHandshake();
          socket = secured;
          in = reader(socket);
          encrypted = true;
          commands.add(ENCRYPTED);
        }
        case "AUTH" -> {
          known = encrypted && isLogin(line.substring(line.lastIndexOf(' ') + 1));
          say(socket, known ? "235 welcome" : "535 who are you?");
        }
        case "MAIL", "RCPT" -> say(socket, known ? "250 good" : "530 log in first");
        case "DATA" -> {
          say(socket, "354 go on");
          messages.add(message(in));
          say(socket, "250 taken");
        }
        case "QUIT" -> {
          say(socket, "221 bye");
          return;
        }
        default -> say(socket, "250 as you like");
      }
    }
  }

  /** A client may name whom it acts for before the login. */
  private boolean isLogin(String response) {
    return new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8).endsWith(login);
  }

  private static String message(BufferedReader in) throws IOException {
    StringBuilder message = new StringBuilder();
    String line = in.readLine();
    while (line != null && !line.equals(".")) {
      message.append(line).append('\n');
      line = in.readLine();
    }
    return message.toString();
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void say(Socket socket, String... lines) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
