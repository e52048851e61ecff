package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** All of the demonstration, which takes a minute: {@code -Dtwoqueue.host=true}. */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "twoqueue.host", matches = "true")
class HostGateDemoTest {

  @Test
  void theGatesShowWhatTheyClaimOnThisMachine() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int code = HostGateDemo.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), "60", "15");

    String said = bytes.toString(StandardCharsets.UTF_8);
    assertNotEquals(1, code, said);
    assertTrue(said.contains("met    a process named as in the rules is found"), said);
    Assumptions.assumeTrue(code == 0, "not all could be shown here:\n" + said);
  }
}
